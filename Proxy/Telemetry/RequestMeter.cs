using System.Diagnostics.Metrics;
using ControlPlane.Errors;

namespace ControlPlane.Telemetry;

/// <summary>Requests to clones by what came of them. The tags are made once: a request allocates nothing here.</summary>
internal static class RequestMeter
{
    private static readonly Counter<long> Requests = Signals.Meter.CreateCounter<long>(
        "archal.gateway.requests", "{request}", "Requests to clones, by what came of them and, if the gateway ended them, by its code.");

    private static readonly UpDownCounter<long> Streams = Signals.Meter.CreateUpDownCounter<long>(
        "archal.gateway.streams", "{stream}", "WebSockets and event streams that are open.");

    private static readonly KeyValuePair<string, object?> WasForwarded = Signals.Tag("outcome", "forwarded");
    private static readonly KeyValuePair<string, object?> WasAbandoned = Signals.Tag("outcome", "abandoned");
    private static readonly KeyValuePair<string, object?> WasPreflight = Signals.Tag("outcome", "preflight");
    private static readonly KeyValuePair<string, object?> WasRefused = Signals.Tag("outcome", "refused");
    private static readonly KeyValuePair<string, object?> WasCut = Signals.Tag("outcome", "cut");

    private static readonly KeyValuePair<string, object?>[] Codes =
        [.. Enum.GetValues<ErrorCode>().Select(static code => Signals.Tag("code", code.Word()))];

    /// <summary>The clone's answer was passed on to its end.</summary>
    public static void Forwarded() => Requests.Add(1, WasForwarded);

    /// <summary>The caller went before its answer had ended.</summary>
    public static void Abandoned() => Requests.Add(1, WasAbandoned);

    /// <summary>A browser's question was answered here.</summary>
    public static void Preflight() => Requests.Add(1, WasPreflight);

    /// <summary>The gateway answered instead of the clone.</summary>
    public static void Refused(ErrorCode code) => Requests.Add(1, WasRefused, Codes[(int)code]);

    /// <summary>The gateway ended it after its answer had begun; without a code the clone or its connection broke.</summary>
    public static void Cut(ErrorCode? because)
    {
        if (because is { } code)
        {
            Requests.Add(1, WasCut, Codes[(int)code]);
        }
        else
        {
            Requests.Add(1, WasCut);
        }
    }

    /// <param name="change">1 when one opens, -1 when it closes.</param>
    public static void Stream(StreamKind kind, int change) => Streams.Add(change, Signals.Tag("kind", kind == StreamKind.Events ? "events" : "websocket"));
}

/// <summary>What stays open for as long as its session.</summary>
internal enum StreamKind
{
    None,
    Events,
    WebSocket,
}
