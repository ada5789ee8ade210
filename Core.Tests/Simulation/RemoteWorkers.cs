using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workers;

namespace ControlPlane.Simulation;

internal sealed class RemoteWorkerPool(Cluster cluster, Machine from) : IWorkerPool
{
    public Task RegisterAsync(WorkerBeat beat, CancellationToken cancellationToken = default) => throw new NotSupportedException("Workers are at the pool's own door.");

    public Task<bool> BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default) => throw new NotSupportedException("Workers are at the pool's own door.");

    public Task<string?> PlaceAsync(IReadOnlyList<string> clones, string? notOn = null, CancellationToken cancellationToken = default) =>
        CallAsync("place", (pool, token) => pool.PlaceAsync(clones, notOn, token), cancellationToken);

    public Task PlacedAsync(string workerId, string sessionId, CancellationToken cancellationToken = default) =>
        CallAsync("placed", async (pool, token) =>
        {
            await pool.PlacedAsync(workerId, sessionId, token);
            return true;
        }, cancellationToken);

    public Task<WorkerSighting> LocateAsync(string workerId, CancellationToken cancellationToken = default) =>
        CallAsync("locate", (pool, token) => pool.LocateAsync(workerId, token), cancellationToken);

    public Task<WorkerAddress?> ReachAsync(string workerId, CancellationToken cancellationToken = default) =>
        CallAsync("reach", (pool, token) => pool.ReachAsync(workerId, token), cancellationToken);

    public Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default) =>
        CallAsync("catalogue", (pool, token) => pool.CatalogueAsync(token), cancellationToken);

    public Task<WorkerView?> DrainAsync(string workerId, bool drained, CancellationToken cancellationToken = default) =>
        CallAsync("drain", (pool, token) => pool.DrainAsync(workerId, drained, token), cancellationToken);

    public Task<IReadOnlyList<WorkerView>> ListAsync(CancellationToken cancellationToken = default) =>
        CallAsync("list", (pool, token) => pool.ListAsync(token), cancellationToken);

    private Task<T> CallAsync<T>(string name, Func<WorkerPool, CancellationToken, Task<T>> act, CancellationToken cancellationToken) =>
        cluster.Network.CallAsync<T>(from, cluster.PoolMachine, name, token => act(cluster.Pool, token), cancellationToken);
}

internal sealed class RemoteWorker(Cluster cluster, Machine from, SimulatedWorker worker) : IWorker
{
    public Task<Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default) =>
        cluster.Network.CallAsync<Refusal?>(from, cluster.PoolMachine, "start", _ => Task.FromResult(worker.Start(order)), cancellationToken);

    public Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default) =>
        cluster.Network.CallAsync<bool>(from, cluster.PoolMachine, "stop", _ => Task.FromResult(worker.Stop(sessionId, epoch)), cancellationToken);

    public Task<Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No schedule looks into clones.");

    public Task<Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No schedule looks into clones.");

    public Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No schedule looks into clones.");

    public Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No schedule looks into clones.");
}

/// <summary>A worker at the edge of the system: it keeps count of what runs on it, remembers what has ended, as real ones do, and beats.</summary>
internal sealed class SimulatedWorker(string id, int capacity)
{
    private static readonly IReadOnlyList<OfferedClone> Offers = [new("github", "GitHub", "", [new OfferedSeed("empty", "")])];

    private readonly List<HeldPlacement> _running = [];
    private readonly Dictionary<string, long> _ended = [];
    private int _port = 7000;

    public IReadOnlyList<HeldPlacement> Running => _running;

    public WorkerBeat Beat => new(
        id, new WorkerAddress(new Uri("http://w.test:7001"), new Uri($"http://{id}.test:{_port}"), ""), capacity, [.. _running], Offers);

    /// <summary>It comes back at another address, with all that it holds.</summary>
    public void Move() => _port++;

    public Refusal? Start(PlacementOrder order)
    {
        var placement = new HeldPlacement(order.SessionId, order.Epoch);
        if (!_running.Contains(placement))
        {
            if (order.Epoch <= _ended.GetValueOrDefault(order.SessionId))
            {
                return new Refusal(ErrorCode.SessionFailed, "The placement has ended.");
            }

            if (_running.Count >= capacity)
            {
                return new Refusal(ErrorCode.NoCapacity, "It is full.");
            }

            _running.Add(placement);
        }

        return null;
    }

    public bool Stop(string sessionId, long epoch)
    {
        _ended[sessionId] = Math.Max(epoch, _ended.GetValueOrDefault(sessionId));
        return _running.Remove(new HeldPlacement(sessionId, epoch));
    }
}
