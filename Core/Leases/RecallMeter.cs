using System.Diagnostics.Metrics;
using ControlPlane.Telemetry;

namespace ControlPlane.Leases;

/// <summary>How long owners wait for gateways before a taking-away may be acknowledged.</summary>
internal static class RecallMeter
{
    private static readonly Histogram<double> Duration = Signals.Meter.CreateHistogram(
        "archal.recall.duration", "s", "From a change that takes something away to one gateway's acknowledgement, or to the end of its lease.",
        advice: Signals.Latency);

    public static void Told(TimeSpan took, Recall recall, string outcome) =>
        Duration.Record(took.TotalSeconds, Signals.Tag("kind", recall.Word()), Signals.Tag("outcome", outcome));

    /// <summary>What is taken away, or asked, in one word.</summary>
    public static string Word(this Recall recall) => recall.Kind switch
    {
        RecallKind.Share => "share",
        RecallKind.Use => "use",
        RecallKind.Renewed => "renewed",
        _ => recall.Subject.Kind,
    };
}
