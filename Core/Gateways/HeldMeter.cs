using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ControlPlane.Leases;
using ControlPlane.Telemetry;

namespace ControlPlane.Gateways;

/// <summary>What the gateways of this process hold and what runs through them, counted when somebody looks.</summary>
[SuppressMessage("Performance", "CA1823", Justification = "An instrument that is observed is used by whoever observes it.")]
internal static class HeldMeter
{
    private static readonly Living<Gateway> Gateways = new();

    private static readonly ObservableUpDownCounter<long> Facts = Signals.Meter.CreateObservableUpDownCounter(
        "archal.gateway.facts", Held, "{fact}", "Facts that this gateway holds.");

    private static readonly ObservableUpDownCounter<long> InFlight = Signals.Meter.CreateObservableUpDownCounter(
        "archal.gateway.in_flight", static () => Gateways.All.Sum(static gateway => (long)gateway.Registry.Count), "{request}",
        "Requests in flight, streams among them.");

    private static readonly ObservableGauge<int> Leases = Signals.Meter.CreateObservableGauge(
        "archal.gateway.lease.held", static () => Gateways.All.Any(static gateway => gateway.IsReady) ? 1 : 0, "1",
        "1 while this gateway holds a lease; without one it lets nobody in.");

    public static void Watch(Gateway gateway) => Gateways.Add(gateway);

    private static IEnumerable<Measurement<long>> Held()
    {
        var all = Gateways.All.ToList();
        yield return Row(Subject.CredentialKind, all.Sum(gateway => gateway.Credentials.Count));
        yield return Row(Subject.MembershipKind, all.Sum(gateway => gateway.Memberships.Count));
        yield return Row(Subject.SessionKind, all.Sum(gateway => gateway.SessionFacts.Count));
    }

    private static Measurement<long> Row(string fact, long count) => new(count, Signals.Tag("fact", fact));
}
