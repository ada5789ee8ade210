using System.Diagnostics.Metrics;
using ControlPlane.Telemetry;

namespace ControlPlane.Gateways;

/// <summary>How a gateway comes to its decisions: on what it holds, or by asking.</summary>
internal static class DecisionMeter
{
    private static readonly Counter<long> Decisions = Signals.Meter.CreateCounter<long>(
        "archal.gateway.decisions", "{decision}", "Decisions about callers, on facts in hand or after asking their owners.");

    private static readonly Histogram<double> Questions = Signals.Meter.CreateHistogram(
        "archal.gateway.question.duration", "s", "How long an owner took to answer a question of this gateway.", advice: Signals.Latency);

    private static readonly KeyValuePair<string, object?> OnHeld = Signals.Tag("source", "held");
    private static readonly KeyValuePair<string, object?> OnAsked = Signals.Tag("source", "asked");

    public static void Decided(bool asked) => Decisions.Add(1, asked ? OnAsked : OnHeld);

    /// <param name="fact">What it was about: credential, membership or session.</param>
    /// <param name="outcome">granted, denied, spoiled (a recall came meanwhile) or failed.</param>
    public static void Asked(TimeSpan took, string fact, string outcome) =>
        Questions.Record(took.TotalSeconds, Signals.Tag("fact", fact), Signals.Tag("outcome", outcome));
}
