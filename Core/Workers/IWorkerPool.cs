namespace ControlPlane.Workers;

/// <summary>The workers there are, what they can run and how much room they have. Soft state, rebuilt from heartbeats. There is one.</summary>
public interface IWorkerPool
{
    /// <summary>A worker says that it is there, where, and what it holds. Repeated as its heartbeat.</summary>
    Task BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default);

    /// <summary>The worker with the most room among those that offer all these clones; null when none has any.</summary>
    Task<string?> PlaceAsync(IReadOnlyList<string> clones, CancellationToken cancellationToken = default);

    /// <summary>Where a worker's data port is now; null when the worker has not been heard of for too long.</summary>
    Task<Uri?> LocateAsync(string workerId, CancellationToken cancellationToken = default);

    /// <summary>What can be started here, over all workers.</summary>
    Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default);
}

/// <param name="DataAddress">Scheme, host and port of the data port.</param>
/// <param name="Placed">How many sessions it holds.</param>
public sealed record WorkerBeat(string WorkerId, Uri DataAddress, int Capacity, int Placed, IReadOnlyList<OfferedClone> Offers);

/// <summary>A clone that a worker can run, and the seeds it can start from; the first is the default.</summary>
public sealed record OfferedClone(string Id, string Name, string Description, IReadOnlyList<OfferedSeed> Seeds);

public sealed record OfferedSeed(string Id, string Description);

/// <summary>The control port of one worker. Keyed by worker id.</summary>
public interface IWorker
{
    /// <summary>Starts a placement's clones. The same epoch once more is harmless. Gives the refusal of a worker that will not.</summary>
    /// <exception cref="Exception">The worker was not reached or broke; asking again may help.</exception>
    Task<Errors.Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default);

    /// <summary>Ends a placement and its ticket; harmless when it does not exist.</summary>
    /// <exception cref="Exception">The worker was not reached or broke.</exception>
    Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default);
}

/// <param name="Key">The secret of the placement's ticket.</param>
/// <param name="Clones">Clone name → seed.</param>
public sealed record PlacementOrder(string SessionId, long Epoch, string Key, IReadOnlyDictionary<string, string> Clones);
