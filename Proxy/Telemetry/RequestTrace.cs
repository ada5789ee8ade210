using System.Diagnostics;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Telemetry;

/// <summary>
/// The span of a request to a clone, and the header by which its trace goes on in the worker. While nobody records traces the caller's own
/// header passes as it came.
/// </summary>
internal static class RequestTrace
{
    private const string State = "tracestate";

    /// <summary>Whether anybody records traces at all.</summary>
    public static bool IsOn => Signals.Source.HasListeners();

    /// <summary>Runs a request within its span.</summary>
    public static async Task RunAsync(HttpContext context, Func<Task> answerAsync)
    {
        var method = Traces.MethodName(context.Request.Method);
        using var span = Traces.Continue($"{method} /runtime/{{session}}/{{clone}}", context.Request.Headers.TraceParent);
        span?.SetTag("http.request.method", method);
        try
        {
            await answerAsync();
        }
        finally
        {
            // Only the gateway's own answers have it: from a clone's it is removed.
            span?.Answered(context.Response.StatusCode, context.Response.Headers[HeaderNames.RouteError]);
        }
    }

    /// <summary>What was found out about it once it was admitted: ids that are ours, and no text of the caller's.</summary>
    public static void Admitted(string sessionId, string cloneName)
    {
        if (Current is { } span)
        {
            span.SetTag("archal.session.id", sessionId);
            span.SetTag("archal.clone", cloneName);
        }
    }

    /// <summary>Puts the span in the place of its caller's, of which it is a child. The caller's state of the trace goes with it.</summary>
    public static void Pass(HttpRequestMessage request)
    {
        if (Current is not { } span)
        {
            return;
        }

        request.Headers.Remove(Traces.Header);
        request.Headers.TryAddWithoutValidation(Traces.Header, span.Id);
        if (!span.HasRemoteParent)
        {
            // It is the state of a trace that this is not.
            request.Headers.Remove(State);
        }
    }

    private static Activity? Current => Activity.Current is { Recorded: true } span && span.Source == Signals.Source ? span : null;
}
