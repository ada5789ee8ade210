using ControlPlane.Records;

namespace ControlPlane.Hosting;

/// <summary>Where a host of one process keeps the records, logs and alarms of all its entities.</summary>
public interface IStorage
{
    ILog Log { get; }

    /// <summary>The place of one entity's record.</summary>
    IStore<T> Store<T>(EntityKey entity) where T : class;

    /// <summary>Sets or clears an entity's one alarm, durable when it answers.</summary>
    Task SetAlarmAsync(EntityKey entity, DateTimeOffset? due);

    /// <summary>All alarms that are set.</summary>
    Task<IReadOnlyList<StoredAlarm>> AlarmsAsync(CancellationToken cancellationToken);
}

/// <summary>An entity's kind and its key within the kind.</summary>
public readonly record struct EntityKey(string Kind, string Key)
{
    public override string ToString() => $"{Kind}/{Key}";
}

public sealed record StoredAlarm(EntityKey Entity, DateTimeOffset Due);
