using System.Net.Http.Headers;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Workers;

/// <summary>
/// On the internal listener alone:
/// <code>
/// POST /workers              join token    a worker has started
/// POST /workers/{id}/beat    its secret    it is there
/// </code>
/// </summary>
internal static class RegistrationEndpoints
{
    /// <summary>A registration and a heartbeat are small; a catalogue of every clone is a few kibibytes.</summary>
    private const long MostBytes = 256 * 1024;

    public static void MapRegistration(this WebApplication app)
    {
        var workers = app.MapGroup("/workers").AddEndpointFilter(async (call, next) =>
            call.HttpContext.RequestServices.GetRequiredService<Registration>().MayCallFrom(call.HttpContext.Connection.RemoteIpAddress)
                ? await next(call)
                : TypedResults.StatusCode(StatusCodes.Status403Forbidden)).WithMetadata(new RequestSizeLimit(MostBytes));
        workers.MapPost("", RegisterAsync);
        workers.MapPost("/{id}/beat", BeatAsync);
    }

    private static async Task<Results<Ok<WorkerRegistered>, UnauthorizedHttpResult, StatusCodeHttpResult>> RegisterAsync(
        WorkerRegistration worker, HttpContext http, Registration registration, CancellationToken cancellationToken) => !registration.MayJoin(Shown(http))
            ? TypedResults.Unauthorized()
            : await TryAsync(async () => TypedResults.Ok(await registration.RegisterAsync(worker, cancellationToken)));

    private static async Task<Results<NoContent, UnauthorizedHttpResult, StatusCodeHttpResult>> BeatAsync(
        string id, WorkerPresence presence, HttpContext http, Registration registration, CancellationToken cancellationToken)
    {
        try
        {
            return await registration.BeatAsync(id, Shown(http), presence, cancellationToken) ? TypedResults.NoContent() : TypedResults.Unauthorized();
        }
        catch (ControlPlaneException problem)
        {
            return TypedResults.StatusCode(problem.Code.Status());
        }
    }

    private static async Task<Results<Ok<WorkerRegistered>, UnauthorizedHttpResult, StatusCodeHttpResult>> TryAsync(Func<Task<Ok<WorkerRegistered>>> act)
    {
        try
        {
            return await act();
        }
        catch (ControlPlaneException problem)
        {
            return TypedResults.StatusCode(problem.Code.Status());
        }
    }

    private static string Shown(HttpContext http) =>
        AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var shown) && shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? shown.Parameter ?? ""
            : "";

    private sealed class RequestSizeLimit(long bytes) : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
