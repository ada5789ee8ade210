using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ControlPlane.Telemetry;

namespace ControlPlane.Workers;

/// <summary>The workers as the pool sees them, counted when somebody looks. Only the process that hosts the pool has any.</summary>
[SuppressMessage("Performance", "CA1823", Justification = "An instrument that is observed is used by whoever observes it.")]
internal static class PoolMeter
{
    private static readonly string[] States = ["ready", "full", "draining", "silent", "lost"];

    /// <summary>Those that run here.</summary>
    internal static readonly Living<WorkerPool> Pools = new();

    private static readonly ObservableUpDownCounter<long> Workers = Signals.Meter.CreateObservableUpDownCounter(
        "archal.workers", Count, "{worker}", "Workers that the pool knows, by how they are.");

    public static void Watch(WorkerPool pool) => Pools.Add(pool);

    public static void Unwatch(WorkerPool pool) => Pools.Remove(pool);

    private static IEnumerable<Measurement<long>> Count()
    {
        var seen = Pools.All.SelectMany(pool => pool.States()).CountBy(state => state).ToDictionary();
        return States.Select(state => new Measurement<long>(seen.GetValueOrDefault(state), Signals.Tag("state", state)));
    }
}
