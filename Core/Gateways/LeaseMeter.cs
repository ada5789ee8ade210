using System.Diagnostics.Metrics;
using ControlPlane.Leases;
using ControlPlane.Telemetry;

namespace ControlPlane.Gateways;

/// <summary>How a gateway keeps its lease, and what is taken from it.</summary>
internal static class LeaseMeter
{
    private static readonly Counter<long> Renewals = Signals.Meter.CreateCounter<long>(
        "archal.gateway.lease.renewals", "{renewal}", "Renewals of this gateway's lease, by what came of them.");

    private static readonly Counter<long> Lapses = Signals.Meter.CreateCounter<long>(
        "archal.gateway.lease.lapses", "{lapse}", "Leases that were over or given back: every fact dropped, every stream cut.");

    private static readonly Counter<long> Recalls = Signals.Meter.CreateCounter<long>(
        "archal.gateway.recalls", "{recall}", "Recalls that this gateway has taken.");

    /// <param name="answer">Null: there was none.</param>
    public static void Renewed(LeaseAnswer? answer) => Renewals.Add(1, Signals.Tag("outcome", answer switch
    {
        null => "failed",
        { Over: true } => "over",
        { Duration: null } => "recalled",
        _ => "renewed",
    }));

    public static void Lapsed() => Lapses.Add(1);

    public static void Taken(Recall recall) => Recalls.Add(1, Signals.Tag("kind", recall.Word()));
}
