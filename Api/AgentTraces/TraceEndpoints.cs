using System.Text.Json;
using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.AgentTraces;

/// <summary>
/// <code>
/// POST   /api/traces                                      send a payload                            sessions:write
/// GET    /api/traces?limit=&amp;since=&amp;sessionId=&amp;scenario=   the workspace's trace roots, newest first   sessions:read
/// DELETE /api/traces?rootTraceId= | before= | all=true    delete roots                              sessions:write
/// GET    /api/traces/{rootTraceId}                        one root with its payloads                sessions:read
/// </code>
/// </summary>
internal static class TraceEndpoints
{
    private const int UsualLimit = 20;
    private const int MostAtOnce = 200;
    private const int LongestScenario = 64;
    private const int LongestSessionId = 64;

    private static async Task<Ok<TraceStored>> StoreAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var trace = Read(await JsonBody.ReadAsync<TraceUpload>(http, cancellationToken), caller);
        var stored = await entities.Traces(caller.WorkspaceId).AddAsync(caller, trace, cancellationToken);
        return TypedResults.Ok(new TraceStored(true, stored.RootTraceId, trace.TraceId));
    }

    private static async Task<Ok<TraceList>> ListAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var (caller, query) = (Acting.On(http).Caller, http.Request.Query);
        var withStats = query.Flag("includeStats");
        var page = await entities.Traces(caller.WorkspaceId).PageAsync(
            caller,
            new TraceQuery(
                query.Limit("limit", MostAtOnce, UsualLimit), query.Moment("since"),
                Text("sessionId", query.One("sessionId"), LongestSessionId)?.ToLowerInvariant(),
                Text("scenario", query.One("scenario"), LongestScenario), query.One("cursor")),
            cancellationToken);
        var stats = page.Stats;
        return TypedResults.Ok(new TraceList(
            [.. page.Traces.Select(Answer)], page.Next,
            withStats ? new TraceTotals(stats.Traces, stats.Parts, stats.Bytes, stats.Oldest, stats.Newest) : null));
    }

    private static async Task<Ok<TraceRecord>> GetAsync(string rootTraceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var found = await entities.Traces(caller.WorkspaceId).FindAsync(caller, rootTraceId, cancellationToken)
            ?? throw new ControlPlaneException(
                ErrorCode.NotFound, "No trace of this workspace has such an id: it was never sent, was deleted, or gave way to newer ones.");
        return TypedResults.Ok(new TraceRecord(
            Answer(found.Listing), [.. found.Parts.Select(part => new TracePayload(part.TraceId, part.At, part.Payload))]));
    }

    private static async Task<Ok<TracesDeleted>> DeleteAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var (caller, query) = (Acting.On(http).Caller, http.Request.Query);
        var selection = new TraceSelection(Id("rootTraceId", query.One("rootTraceId")), query.Moment("before"));
        if (query.Flag("all") == (selection != new TraceSelection()))
        {
            throw Invalid.At("query", "say what is to be deleted: rootTraceId, before, or all=true alone.");
        }

        return TypedResults.Ok(new TracesDeleted(true, await entities.Traces(caller.WorkspaceId).RemoveAsync(caller, selection, cancellationToken)));
    }

    internal static TraceRoot Answer(TraceListing root) => new(
        root.RootTraceId, root.CreatedAt, root.UpdatedAt, root.CreatedBy, root.SessionId, root.Scenario, root.Parts, root.Bytes);

    /// <exception cref="ControlPlaneException">400, naming the field.</exception>
    private static NewTrace Read(TraceUpload upload, Caller caller)
    {
        var root = Id("rootTraceId", upload.RootTraceId) ?? Id("traceId", upload.TraceId) ?? TraceId.New();
        var session = Text("sessionId", upload.SessionId, LongestSessionId)?.ToLowerInvariant() ?? caller.SessionId;
        var scenario = Text("scenario", upload.Scenario, LongestScenario);
        try
        {
            var payload = JsonSerializer.SerializeToElement(upload, ContractsJson.Default.TraceUpload);
            return new NewTrace(root, Id("traceId", upload.TraceId) ?? root, session, scenario, payload);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON's grammar allows it, and no text holds it.
            throw Invalid.At("body", "a text in it is not Unicode.");
        }
    }

    private static string? Text(string field, string? text, int most) => text is null ? null : Texts.Checked(field, text, most);

    private static string? Id(string field, string? text) => text is null || TraceId.IsOne(text)
        ? text
        : throw Invalid.At(field, $"1 to {TraceId.Longest} letters, digits and -_.: are an id.");

    public static void MapTraces(this IEndpointRouteBuilder routes)
    {
        var traces = routes.MapGroup("/api/traces").WithTags("Results");
        traces.MapPost("", StoreAsync).Describe("ingestTrace", "Send the payload of a trace").Accepts<TraceUpload>("application/json").Refuses(413);
        traces.MapGet("", ListAsync).Describe("listTraces", "List the workspace's trace roots, newest first")
            .ReadsQuery("limit", $"From 1; {UsualLimit} when absent. A page has {MostAtOnce} at most.")
            .ReadsQuery("since", "Only what began at this time or later, RFC 3339.")
            .ReadsQuery("sessionId", "Only what is about this session.")
            .ReadsQuery("scenario", "Only what was sent with this scenario.")
            .ReadsQuery("includeStats", "true: what all that fit come to.")
            .ReadsQuery("cursor", "nextCursor of the page before.");
        traces.MapDelete("", DeleteAsync).Describe("deleteTraces", "Delete trace roots with their payloads")
            .ReadsQuery("rootTraceId", "The root to delete.")
            .ReadsQuery("before", "What began before this time, RFC 3339; with rootTraceId: that root, if it did.")
            .ReadsQuery("all", "true: all of them; then nothing else may be named.");
        traces.MapGet("/{rootTraceId}", GetAsync).Describe("getTrace", "One trace root with its payloads").Refuses(404);
    }
}
