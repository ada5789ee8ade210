using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Hosting;

/// <summary>What one entity is made with, so that it can be looked at alone.</summary>
internal sealed class BareHost(EntityKey key, VirtualTime time, MemoryStorage storage) : IEntityHost
{
    public TimeProvider Time => time;

    public ILog Log => storage.Log;

    /// <summary>What the entity calls others by; not set where it calls nobody.</summary>
    public IEntities Entities { get; set; } = null!;

    /// <summary>How gateways answer directly.</summary>
    public Func<string, Recall, CancellationToken, Task<RecallAnswer>> OnRecall { get; set; } = (_, _, _) => throw new IOException("Unreachable.");

    /// <summary>Each alarm that was set, in order.</summary>
    public List<DateTimeOffset?> Alarms { get; } = [];

    /// <summary>Awaited when an alarm is set.</summary>
    public Func<Task>? OnAlarm { get; set; }

    public IStore<T> Store<T>() where T : class => storage.Store<T>(key);

    public async Task WakeAtAsync(DateTimeOffset? due)
    {
        await (OnAlarm?.Invoke() ?? Task.CompletedTask);
        Alarms.Add(due);
    }

    public Task<RecallAnswer> RecallAsync(string gateway, Recall recall, CancellationToken cancellationToken) => OnRecall(gateway, recall, cancellationToken);
}
