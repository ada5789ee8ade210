using System.Collections.Concurrent;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workers;

namespace ControlPlane.Hosting;

/// <summary>Workers at the edge: they start and stop whatever they are told, and say what runs.</summary>
internal sealed class TestPorts : IWorkerPorts
{
    private readonly ConcurrentDictionary<(string Worker, string Session), long> _running = new();

    public ICollection<(string Worker, string Session)> Running => _running.Keys;

    public WorkerBeat Beat(string id, int capacity = 100_000) => new(
        id, new WorkerAddress(new Uri($"http://{id}.test:7001"), new Uri($"http://{id}.test:7000"), "its own"), capacity,
        [.. _running.Where(row => row.Key.Worker == id).Select(row => new HeldPlacement(row.Key.Session, row.Value))],
        [new OfferedClone("github", "GitHub", "", [new OfferedSeed("empty", "")])]);

    public IWorker Port(string workerId) => new Worker(this, workerId);

    private sealed class Worker(TestPorts ports, string id) : IWorker
    {
        public Task<Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default)
        {
            ports._running[(id, order.SessionId)] = order.Epoch;
            return Task.FromResult<Refusal?>(null);
        }

        public Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default)
        {
            ports._running.TryRemove((id, sessionId), out _);
            return Task.CompletedTask;
        }

        public Task<Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default) => Task.FromResult<Refusal?>(null);

        public Task<Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default) => Task.FromResult<Refusal?>(null);

        public Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
            Task.FromResult(new CloneStateAnswer("{}"u8.ToArray()));

        public Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
            Task.FromResult(new CloneStateAnswer("{}"u8.ToArray()));
    }
}
