using System.Text.Json;
using ControlPlane.Errors;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;

namespace ControlPlane;

/// <summary>Bounds the requests that are under way: one more is told to come back, before anything of it is looked at but its path.</summary>
internal sealed class RequestBound(int most, RequestDelegate next)
{
    // Whoever watches over the process must not take "full" for "dead" and restart it. These two and nothing below them: on a session's host a
    // clone could be named health.
    private static readonly PathString Live = new("/health/live");
    private static readonly PathString Ready = new("/health/ready");

    private static readonly byte[] Full = JsonSerializer.SerializeToUtf8Bytes(
        new ErrorEnvelope(
            "The control plane cannot answer now.", "control_plane_unavailable",
            "As many requests are under way here as Limits:MaxRequests allows. Nothing is wrong with the request; try again."),
        ContractsJson.Default.ErrorEnvelope);

    private int _underWay;

    public async Task HandleAsync(HttpContext context)
    {
        var connection = context.Features.Get<OpenConnection>();
        connection?.Begin();
        var underWay = Interlocked.Increment(ref _underWay);
        try
        {
            if (underWay > most && !IsHealth(context.Request.Path))
            {
                LimitMeter.Refused(LimitMeter.Requests);
                await RefuseAsync(context);
                return;
            }

            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            connection?.End();
        }
    }

    private static bool IsHealth(PathString path) => path == Live || path == Ready;

    // As contract 2.4 has every answer of a gateway's own. A second or two, so that those who were refused together do not come back together.
    private static async Task RefuseAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        response.ContentLength = Full.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = Random.Shared.Next(2) == 0 ? "1" : "2";
        response.Headers[HeaderNames.RouteError] = "control_plane_unavailable";
        response.Headers[HeaderNames.RequestId] = context.TraceIdentifier;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(Full, context.RequestAborted);
        }
    }
}
