using System.Diagnostics;

namespace ControlPlane.Telemetry;

/// <summary>
/// The spans of this product. They carry ids, words and statuses: never a token, a path as the caller wrote it, a query or a body.
/// </summary>
public static class Traces
{
    /// <summary>The header by which a trace passes from process to process (W3C Trace Context).</summary>
    public const string Header = "traceparent";

    /// <summary>
    /// The span of a request that came from outside, in the trace of its caller, or in a new one. Null: nobody records traces.
    /// </summary>
    /// <param name="traceparent">The caller's header; what is no such header begins a new trace.</param>
    public static Activity? Continue(string name, string? traceparent)
    {
        if (!Signals.Source.HasListeners())
        {
            return null;
        }

        // Without its state: that is any text, and spans are stored where texts of callers do not belong. It passes to the clone as it came.
        ActivityContext.TryParse(traceparent, null, isRemote: true, out var caller);

        // The server makes an activity of its own around each request, which is not recorded and would stand in the trace as a gap.
        var around = Activity.Current;
        Activity.Current = null;
        var span = Signals.Source.StartActivity(name, ActivityKind.Server, caller);
        Activity.Current = span ?? around;
        return span;
    }

    /// <summary>A step within a span that is recorded; null when there is none, so that nothing begins a trace by itself.</summary>
    public static Activity? Step(string name, ActivityKind kind = ActivityKind.Internal) =>
        Signals.Source.HasListeners() && Activity.Current is { Recorded: true } ? Signals.Source.StartActivity(name, kind) : null;

    /// <summary>What came of a request: its status, and the code if it was refused.</summary>
    public static void Answered(this Activity span, int status, string? code)
    {
        span.SetTag("http.response.status_code", status);
        if (code is not null)
        {
            span.SetTag("error.type", code);
        }

        if (status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error, code);
        }
    }

    /// <summary>A method's name if it is one that everybody knows: any other is the caller's own text.</summary>
    public static string MethodName(string method) => method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "CONNECT" => method,
        _ => "_OTHER",
    };
}
