using System.Diagnostics;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Telemetry;

/// <summary>The span of a call to the management API. It is named by its route, never by the path that was sent.</summary>
internal static class CallTrace
{
    /// <summary>Runs a call within its span, if anybody records it.</summary>
    public static async Task RunAsync(HttpContext http, Func<HttpContext, Task> answerAsync)
    {
        var method = Traces.MethodName(http.Request.Method);
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/');
        using var span = Traces.Continue($"{method} {route}", http.Request.Headers.TraceParent);
        span?.SetTag("http.request.method", method);
        span?.SetTag("http.route", route);
        try
        {
            await answerAsync(http);
            span?.Answered(http.Response.StatusCode, null);
        }
        catch (Exception problem) when (Note(span, problem))
        {
            throw;
        }
    }

    // What is refused is answered further out, when the span has ended.
    private static bool Note(Activity? span, Exception problem)
    {
        var code = problem is ControlPlaneException refused ? refused.Refusal.Code : ErrorCode.Internal;
        span?.Answered(code.Status(), code.Word());
        return false;
    }
}
