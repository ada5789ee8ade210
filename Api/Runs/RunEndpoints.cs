using ControlPlane.AgentTraces;
using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Runs;

/// <summary>
/// <code>
/// GET /api/runs/{id}    one run: its session, and the traces about it    sessions:read
/// </code>
/// </summary>
internal static class RunEndpoints
{
    private const int MostTraces = 100;

    private static async Task<Ok<RunRecord>> GetAsync(
        string runId, HttpContext http, IEntities entities, SessionAnswers answers, TimeProvider time, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var view = await SessionAsync(runId, caller, entities, cancellationToken);
        var about = new TraceQuery(MostTraces, null, view.Id, null, null);
        var traces = await entities.Traces(caller.WorkspaceId).PageAsync(caller, about, cancellationToken);
        var summary = answers.Summary(view);
        var took = (view.EndedAt ?? time.GetUtcNow()) - view.CreatedAt;
        return TypedResults.Ok(new RunRecord(
            view.Id, summary.Status, Math.Round(Math.Max(0, took.TotalSeconds), 3), summary, [.. traces.Traces.Select(TraceEndpoints.Answer)]));
    }

    /// <summary>The run's session. The published description knows no 403 here: another workspace's is as good as none.</summary>
    private static async Task<SessionView> SessionAsync(string runId, Caller caller, IEntities entities, CancellationToken cancellationToken)
    {
        try
        {
            return await SessionEndpoints.Session(entities, runId).DescribeAsync(caller, cancellationToken);
        }
        catch (ControlPlaneException no) when (no.Code is ErrorCode.SessionNotFound or ErrorCode.SessionForbidden)
        {
            throw new ControlPlaneException(ErrorCode.NotFound, "No run of this workspace has such an id. A run has the id of its session.");
        }
    }

    public static void MapRuns(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/runs/{runId}", GetAsync).WithTags("Results").Describe("getRun", "One run: its session, and the traces about it").Refuses(404);
}
