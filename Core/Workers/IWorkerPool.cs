namespace ControlPlane.Workers;

/// <summary>The workers there are, what they can run and how much room they have. Soft state, rebuilt from registrations. There is one.</summary>
public interface IWorkerPool
{
    /// <summary>Takes a worker in, or one that is back. Who it is has been checked. Twice is harmless.</summary>
    Task RegisterAsync(WorkerBeat beat, CancellationToken cancellationToken = default);

    /// <summary>A worker says how it is. False: it is not registered here (any more), and has to register first.</summary>
    Task<bool> BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default);

    /// <summary>
    /// The worker with the most room among those that offer all these clones; never one that is silent or draining. Null: none has any.
    /// </summary>
    /// <param name="notOn">A worker that has just said that it is full.</param>
    /// <exception cref="Errors.ControlPlaneException">503: the pool has just begun and does not know yet who is there.</exception>
    Task<string?> PlaceAsync(IReadOnlyList<string> clones, string? notOn = null, CancellationToken cancellationToken = default);

    /// <summary>Who was placed on a worker, to be told when it is lost before a heartbeat of it has named the session.</summary>
    Task PlacedAsync(string workerId, string sessionId, CancellationToken cancellationToken = default);

    /// <summary>Where a worker's data port is now, or whether the worker is lost.</summary>
    Task<WorkerSighting> LocateAsync(string workerId, CancellationToken cancellationToken = default);

    /// <summary>How to reach a worker's control port; null when it has not registered. For hosts alone: it holds the worker's secret.</summary>
    Task<WorkerAddress?> ReachAsync(string workerId, CancellationToken cancellationToken = default);

    /// <summary>What can be started here, over all workers that are not lost.</summary>
    /// <exception cref="Errors.ControlPlaneException">503: the pool has just begun and does not know yet who is there.</exception>
    Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// An operator wants a worker to be given nothing new, or takes that back. What runs there runs on. It is remembered also while the
    /// worker or the pool is away. Twice is harmless.
    /// </summary>
    /// <returns>The worker after it; null: there is none with this id, now or drained.</returns>
    Task<WorkerView?> DrainAsync(string workerId, bool drained, CancellationToken cancellationToken = default);

    /// <summary>The workers that the pool has heard of, in the order of their ids, and those that are drained though it has not.</summary>
    Task<IReadOnlyList<WorkerView>> ListAsync(CancellationToken cancellationToken = default);
}

/// <summary>One worker as an operator sees it; without its secret.</summary>
/// <param name="Data">Its data port; null of one that was not heard of since the pool began.</param>
/// <param name="Placements">How many it said that it holds, in its last heartbeat.</param>
/// <param name="Free">For how many more there is room: none while it is draining, drained, silent or lost.</param>
/// <param name="Draining">It says itself that it is about to stop.</param>
/// <param name="Drained">An operator wants it to be given nothing new.</param>
/// <param name="Heard">How long ago it was heard of; null of one that was not since the pool began.</param>
/// <param name="IsSilent">It was not heard of for so long that it is given nothing.</param>
/// <param name="IsLost">So long that its sessions have failed.</param>
public sealed record WorkerView(
    string WorkerId, Uri? Data, int Capacity, int Placements, int Free, bool Draining, bool Drained, TimeSpan? Heard, bool IsSilent, bool IsLost)
{
    /// <summary>Drained, and not heard of since the pool began.</summary>
    public static WorkerView Away(string workerId) => new(workerId, null, 0, 0, 0, false, true, null, true, false);
}

/// <summary>What a worker says of itself.</summary>
/// <param name="Capacity">How many sessions it takes.</param>
/// <param name="Placements">What it holds.</param>
/// <param name="Draining">It is about to stop: it finishes what it has begun and takes nothing new.</param>
public sealed record WorkerBeat(
    string WorkerId, WorkerAddress Address, int Capacity, IReadOnlyList<HeldPlacement> Placements, IReadOnlyList<OfferedClone> Offers,
    bool Draining = false);

/// <summary>A placement that a worker holds.</summary>
public sealed record HeldPlacement(string SessionId, long Epoch);

/// <summary>What the pool knows of where a worker is.</summary>
/// <param name="Data">The worker's data port; null while it is silent.</param>
/// <param name="IsLost">It was silent for so long that its sessions have failed.</param>
/// <param name="IsKnown">It has registered here. One that has not may be about to, at a pool that has just begun.</param>
public sealed record WorkerSighting(Uri? Data, bool IsLost, bool IsKnown = true)
{
    public static WorkerSighting Unknown { get; } = new(null, false, false);

    /// <summary>It is not heard of, and expected back.</summary>
    public static WorkerSighting Silent { get; } = new(null, false);

    public static WorkerSighting Lost { get; } = new(null, true);
}

/// <summary>A clone that a worker can run, and the seeds it can start from; the first is the default.</summary>
public sealed record OfferedClone(string Id, string Name, string Description, IReadOnlyList<OfferedSeed> Seeds, IReadOnlyList<OfferedTool>? Tools = null);

/// <summary>One operation that a clone offers.</summary>
public sealed record OfferedTool(string Name, string Method, string Path);

public sealed record OfferedSeed(string Id, string Description);
