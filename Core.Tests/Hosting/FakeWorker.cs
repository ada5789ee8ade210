using System.Collections.Concurrent;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workers;

namespace ControlPlane.Hosting;

/// <summary>
/// A worker at the edge of the system: it keeps count of what runs on it, remembers what has ended, as real ones do, and can refuse. To be late
/// or lost is the wire's business.
/// </summary>
internal sealed class FakeWorker(string id, int capacity) : IWorker
{
    private static readonly Refusal Ended = new(ErrorCode.SessionFailed, "The placement has ended.");

    private readonly ConcurrentDictionary<(string Session, long Epoch), PlacementOrder> _running = new();
    private readonly ConcurrentDictionary<(string Session, long Epoch), bool> _ended = new();

    public string Id => id;

    /// <summary>What it answers to every start.</summary>
    public Refusal? Refuses { get; set; }

    /// <summary>The sessions that run here.</summary>
    public IReadOnlyCollection<string> Running => [.. _running.Keys.Select(placement => placement.Session)];

    public int Starts { get; private set; }

    /// <summary>Every replacement that it was told of.</summary>
    public ConcurrentQueue<CloneReplacement> Replaced { get; } = [];

    /// <summary>What it says that it takes.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>Another after it has come back.</summary>
    public int DataPort { get; set; } = 7000;

    public bool Draining { get; set; }

    /// <summary>It does not beat.</summary>
    public bool IsSilent { get; set; }

    public WorkerBeat Beat => new(
        id, new WorkerAddress(new Uri($"http://{id}.test:7001"), new Uri($"http://{id}.test:{DataPort}"), "its own"), Capacity,
        [.. _running.Keys.Select(placement => new HeldPlacement(placement.Session, placement.Epoch))],
        [new OfferedClone("github", "GitHub", "", [new OfferedSeed("empty", "")]), new OfferedClone("slack", "Slack", "", [new OfferedSeed("empty", "")])],
        Draining);

    public Task<Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default)
    {
        Starts++;
        var refusal = _ended.ContainsKey((order.SessionId, order.Epoch)) ? Ended : Refuses;
        if (refusal is null)
        {
            _running[(order.SessionId, order.Epoch)] = order;
        }

        return Task.FromResult(refusal);
    }

    public Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default)
    {
        _ended[(sessionId, epoch)] = true;
        _running.TryRemove((sessionId, epoch), out _);
        return Task.CompletedTask;
    }

    public Task<Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default)
    {
        if (Refuses is null)
        {
            Replaced.Enqueue(replacement);
        }

        return Task.FromResult(Refuses);
    }

    /// <summary>The faults that were set last, of each clone.</summary>
    public ConcurrentDictionary<(string Session, string CloneName), byte[]> Faults { get; } = [];

    public Task<Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default)
    {
        if (Refuses is null)
        {
            Faults[(order.SessionId, order.CloneName)] = order.Faults;
        }

        return Task.FromResult(Refuses);
    }

    public Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        Task.FromResult(Refuses is null ? new CloneStateAnswer(Faults[(sessionId, cloneName)]) : new CloneStateAnswer(null, Refuses));

    public Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        Task.FromResult(Refuses is null ? new CloneStateAnswer("{}"u8.ToArray()) : new CloneStateAnswer(null, Refuses));
}
