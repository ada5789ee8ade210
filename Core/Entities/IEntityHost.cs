using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Entities;

/// <summary>All that an entity may use. If one needs more, the design is wrong.</summary>
public interface IEntityHost
{
    TimeProvider Time { get; }

    /// <summary>Spreads retries apart. A host whose every run must be repeatable gives its own.</summary>
    Random Random => Random.Shared;

    /// <summary>Where this entity's own record is kept.</summary>
    IStore<T> Store<T>() where T : class;

    ILog Log { get; }

    /// <summary>
    /// Sets this entity's one alarm, durable when it answers: <see cref="IEntity.WakeAsync"/> is called at that time or soon after, on this
    /// host or the next, until it succeeds. Null: no alarm. Setting it again replaces it.
    /// </summary>
    Task WakeAtAsync(DateTimeOffset? due);

    IEntities Entities { get; }

    /// <summary>Tells a gateway process something directly and gives its answer.</summary>
    /// <exception cref="Exception">The gateway was not reached, or its answer was lost.</exception>
    Task<RecallAnswer> RecallAsync(string gateway, Recall recall, CancellationToken cancellationToken);
}

/// <summary>What every entity offers to its host.</summary>
public interface IEntity
{
    /// <summary>Whether it holds nothing in memory that its record does not, so that its host may forget it; true of one without a record.</summary>
    bool IsForgettable { get; }

    /// <summary>Does what is due, goes on with what a crash left undone, and sets the next alarm. Twice is harmless.</summary>
    Task WakeAsync(CancellationToken cancellationToken = default);
}
