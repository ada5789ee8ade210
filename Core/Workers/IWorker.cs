using ControlPlane.Sessions;

namespace ControlPlane.Workers;

/// <summary>The control port of one worker. Keyed by worker id.</summary>
public interface IWorker
{
    /// <summary>
    /// Starts a placement's clones. The same epoch once more is harmless. Gives the refusal of a worker that will not;
    /// <see cref="Errors.ErrorCode.NoCapacity"/>: it holds nothing of this placement, and another worker may.
    /// </summary>
    /// <exception cref="Exception">The worker was not reached or broke; asking again may help.</exception>
    Task<Errors.Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default);

    /// <summary>Ends a placement and its ticket; harmless when it does not exist.</summary>
    /// <exception cref="Exception">The worker was not reached or broke.</exception>
    Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default);

    /// <summary>Replaces the state of one clone, durable when this answers. The same once more is harmless. Null: done.</summary>
    /// <exception cref="Exception">The worker was not reached or broke; asking again may help.</exception>
    Task<Errors.Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default);

    /// <summary>The whole state of one clone.</summary>
    /// <exception cref="Exception">The worker was not reached or broke; asking again may help.</exception>
    Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default);

    /// <summary>Sets the faults of one clone, durable when this answers. The same once more is harmless. Null: done.</summary>
    /// <exception cref="Exception">The worker was not reached or broke; asking again may help.</exception>
    Task<Errors.Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default);

    /// <summary>The faults of one clone, as they were set.</summary>
    /// <exception cref="Exception">The worker was not reached or broke; asking again may help.</exception>
    Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default);
}

/// <param name="Key">The secret of the placement's ticket.</param>
/// <param name="Clones">Clone name → seed.</param>
public sealed record PlacementOrder(string SessionId, long Epoch, string Key, IReadOnlyDictionary<string, string> Clones);
