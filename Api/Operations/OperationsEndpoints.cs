using System.Globalization;
using ControlPlane.Audit;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Headers;
using ControlPlane.Leases;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ControlPlane.Operations;

/// <summary>
/// For operators alone (<see cref="OperatorOptions"/>):
/// <code>
/// GET    /api/admin/status                        silos, gateways, workers, how many sessions
/// POST   /api/admin/gateways/evict                end an incarnation; answered when its lease is over
/// PUT    /api/admin/workers/{workerId}/drain      give it nothing new
/// DELETE /api/admin/workers/{workerId}/drain      take that back
/// GET    /api/admin/sessions/{sessionId}/why      why it is alive or dead
/// GET    /api/admin/backup                        a copy of all that is kept; on one machine alone
/// </code>
/// </summary>
internal static class OperationsEndpoints
{
    private const string BackupType = "application/vnd.sqlite3";

    /// <summary>No id and no incarnation is longer.</summary>
    private const int LongestName = 200;

    private static async Task<Ok<InstallationStatus>> StatusAsync(
        IEntities entities, ISilos silos, IOptions<LeaseOptions> leases, TimeProvider time, CancellationToken cancellationToken)
    {
        var seen = await Overview.ReadAsync(entities, cancellationToken);
        return TypedResults.Ok(OperationsAnswers.Of(await silos.ListAsync(cancellationToken), seen, leases.Value, time.GetUtcNow()));
    }

    private static async Task<Ok<EvictedGateway>> EvictAsync(HttpContext http, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadAsync<EvictGatewayRequest>(http, cancellationToken);
        var incarnation = Texts.Checked("incarnation", request.Incarnation ?? "", LongestName);
        var gateway = entities.Gateway(incarnation);
        if (await gateway.DescribeAsync(cancellationToken) is null)
        {
            throw NoGateway();
        }

        // From here on it is in the log that it was done, and it is done although the caller may have gone.
        await Audited.BeginAsync(http);
        var began = time.GetTimestamp();
        return await gateway.EvictAsync(CancellationToken.None)
            ? TypedResults.Ok(new EvictedGateway(incarnation, (long)time.GetElapsedTime(began).TotalMilliseconds))
            : throw NoGateway();
    }

    private static Task<Ok<WorkerLine>> DrainAsync(string workerId, HttpContext http, IEntities entities, CancellationToken cancellationToken) =>
        SetDrainAsync(workerId, http, entities, drained: true, cancellationToken);

    private static Task<Ok<WorkerLine>> UndrainAsync(string workerId, HttpContext http, IEntities entities, CancellationToken cancellationToken) =>
        SetDrainAsync(workerId, http, entities, drained: false, cancellationToken);

    private static async Task<Ok<WorkerLine>> SetDrainAsync(
        string workerId, HttpContext http, IEntities entities, bool drained, CancellationToken cancellationToken)
    {
        if (!(await entities.Workers.ListAsync(cancellationToken)).Any(known => known.WorkerId == workerId))
        {
            throw NoWorker();
        }

        await Audited.BeginAsync(http);
        return await entities.Workers.DrainAsync(workerId, drained, CancellationToken.None) is { } worker
            ? TypedResults.Ok(OperationsAnswers.Of(worker))
            : throw NoWorker();
    }

    private static async Task<Ok<SessionWhy>> WhyAsync(
        string sessionId, IEntities entities, TimeProvider time, CancellationToken cancellationToken) =>
        await SessionEndpoints.Session(entities, sessionId).ExplainAsync(cancellationToken) is { } known
            ? TypedResults.Ok(WhyAnswers.Of(known, time.GetUtcNow()))
            : throw new ControlPlaneException(ErrorCode.SessionNotFound, "There is no such session. Sessions that ended are forgotten after a while.");

    private static async Task<FileStreamHttpResult> BackupAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var backups = http.RequestServices.GetService<IBackups>() ?? throw new ControlPlaneException(
            ErrorCode.NotFound, "A cluster keeps everything in its Redis: copy that one's files, as docs/operations.md says.");
        var backup = await backups.TakeAsync(cancellationToken);

        // Also when the answer is refused after all, because the caller's token was revoked meanwhile.
        http.Response.RegisterForDisposeAsync(backup.Content);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers[HeaderNames.BackupMoment] = backup.Moment.ToString("O", CultureInfo.InvariantCulture);
        return TypedResults.Stream(backup.Content, BackupType);
    }

    private static ControlPlaneException NoGateway() => new(ErrorCode.NotFound, "No gateway has had this incarnation within the last month.");

    private static ControlPlaneException NoWorker() =>
        new(ErrorCode.NotFound, "The pool knows no worker with this id. One that is there registers within seconds.");

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/api/admin").WithTags("Operations").NeedOperator();
        admin.MapGet("/status", StatusAsync).Describe("installationStatus", "Silos, gateways, workers, and how many sessions");
        admin.MapPost("/gateways/evict", EvictAsync).Audit(AuditAction.GatewayEvict).Describe("evictGateway", "End an incarnation; answered when its lease is over")
            .Accepts<EvictGatewayRequest>("application/json").Refuses(404, 413);
        admin.MapPut("/workers/{workerId}/drain", DrainAsync).Audit(AuditAction.WorkerDrain, "workerId").Describe("drainWorker", "Give a worker nothing new").Refuses(404);
        admin.MapDelete("/workers/{workerId}/drain", UndrainAsync).Audit(AuditAction.WorkerUndrain, "workerId").Describe("undrainWorker", "Take that back").Refuses(404);
        admin.MapGet("/sessions/{sessionId}/why", WhyAsync).Describe("explainSession", "Why a session is alive or dead").Refuses(404);
        admin.MapGet("/backup", BackupAsync).Audit(AuditAction.BackupTake, done: true).Describe("takeBackup", "A copy of all that is kept").Produces(StatusCodes.Status200OK, contentType: BackupType).Refuses(404);
    }
}
