using ControlPlane.Leases;
using ControlPlane.Workers;

namespace ControlPlane.Operations;

/// <summary>What an operator is shown, on the wire.</summary>
internal static class OperationsAnswers
{
    public static InstallationStatus Of(IReadOnlyList<SiloView> silos, Overview seen, LeaseOptions leases, DateTimeOffset now) => new(
        now,
        [.. silos.Select(silo => new SiloStatusLine(silo.Address, silo.Status, silo.Since))],
        [.. seen.Gateways.Select(gateway => Of(gateway, leases))],
        [.. seen.Workers.Select(Of)],
        new SessionCounts(seen.LiveSessions, seen.Placements));

    public static WorkerLine Of(WorkerView worker) => new(
        worker.WorkerId,
        worker.IsLost ? "lost" : worker.IsSilent ? "silent" : worker.Drained || worker.Draining ? "draining" : "ready",
        worker.Capacity, worker.Placements, worker.Free, worker.Drained, Seconds(worker.Heard), worker.Data?.Authority);

    /// <summary>A gateway renews every third of its lease, and tries again every tenth of a second until it is answered.</summary>
    private static GatewayLine Of(LeasedGateway gateway, LeaseOptions leases) => new(
        gateway.Incarnation,
        gateway.View.Evicted ? "evicted" : gateway.View.Silent > leases.Third * 1.5 ? "silent" : "leased",
        Seconds(gateway.View.LeaseLeft), Seconds(gateway.View.Silent), gateway.View.Renewals, gateway.View.Recalls);

    private static double? Seconds(TimeSpan? span) => span is { } known ? Seconds(known) : null;

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 3);
}
