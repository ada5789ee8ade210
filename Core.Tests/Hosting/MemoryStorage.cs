using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Records;

namespace ControlPlane.Hosting;

/// <summary>What is done to a storage.</summary>
internal enum StorageAction
{
    Read,
    Write,
    SetAlarm,
    ReadAlarms,
    Append,
    ReadLog,
    Trim,
}

/// <param name="Entity">Whose record or alarm; of a log its name is the key, of the list of alarms there is none.</param>
internal readonly record struct StorageStep(StorageAction Action, EntityKey Entity);

/// <summary>
/// Records, logs and alarms in memory. A record is kept as the JSON that a real store would keep, so what does not survive serialisation
/// does not survive here. It can be late or fail at any step: before the step is done, or after it, when nobody can know that it was.
/// </summary>
internal sealed class MemoryStorage : IStorage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntityKey, (long Version, string Json)> _records = [];
    private readonly Dictionary<EntityKey, DateTimeOffset> _alarms = [];
    private readonly Dictionary<string, (long First, List<string> Entries)> _logs = [];
    private readonly Dictionary<StorageStep, int> _done = [];

    public MemoryStorage() => Log = new MemoryLog(this);

    public ILog Log { get; }

    /// <summary>Every step fails, and nothing is done.</summary>
    public bool IsDown { get; set; }

    /// <summary>Awaited before a step is done: it may wait (the store is late) or throw (nothing was done).</summary>
    public Func<StorageStep, Task>? Before { get; set; }

    /// <summary>Awaited after a step is done, before it is answered: it may wait, or throw (it was done, and nobody knows).</summary>
    public Func<StorageStep, Task>? After { get; set; }

    /// <summary>How often a step was done.</summary>
    public int Count(StorageAction action, EntityKey entity)
    {
        lock (_gate)
        {
            return _done.GetValueOrDefault(new StorageStep(action, entity));
        }
    }

    /// <summary>What is stored of one entity; null when there is no record.</summary>
    public (long Version, string Json)? Peek(EntityKey entity)
    {
        lock (_gate)
        {
            return _records.TryGetValue(entity, out var record) ? record : null;
        }
    }

    /// <summary>Puts a record there, as another version of this program might have left it.</summary>
    public void Put(EntityKey entity, long version, string json)
    {
        lock (_gate)
        {
            _records[entity] = (version, json);
        }
    }

    /// <summary>All records that are stored.</summary>
    public IReadOnlyList<(EntityKey Entity, long Version, string Json)> Records()
    {
        lock (_gate)
        {
            return [.. _records.Select(row => (row.Key, row.Value.Version, row.Value.Json))];
        }
    }

    public IStore<T> Store<T>(EntityKey entity) where T : class => new MemoryStore<T>(this, entity);

    public Task SetAlarmAsync(EntityKey entity, DateTimeOffset? due) => DoAsync(new StorageStep(StorageAction.SetAlarm, entity), () =>
    {
        if (due is { } at)
        {
            _alarms[entity] = at;
        }
        else
        {
            _alarms.Remove(entity);
        }

        return true;
    });

    public Task<IReadOnlyList<StoredAlarm>> AlarmsAsync(CancellationToken cancellationToken) => DoAsync<IReadOnlyList<StoredAlarm>>(
        new StorageStep(StorageAction.ReadAlarms, default), () => [.. _alarms.Select(row => new StoredAlarm(row.Key, row.Value))]);

    private async Task<T> DoAsync<T>(StorageStep step, Func<T> act)
    {
        // A real store never answers on the caller's own stack.
        await Task.Yield();
        ThrowIfDown();
        if (Before is { } before)
        {
            await before(step);
        }

        ThrowIfDown();
        T done;
        lock (_gate)
        {
            done = act();
            _done[step] = _done.GetValueOrDefault(step) + 1;
        }

        if (After is { } after)
        {
            await after(step);
        }

        return done;
    }

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new IOException("The storage is down.");
        }
    }

    private sealed class MemoryStore<T>(MemoryStorage storage, EntityKey entity) : IStore<T> where T : class
    {
        private static readonly JsonTypeInfo<T> Shape = (JsonTypeInfo<T>)(CoreJson.Default.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T)} is stored but CoreJson does not know it."));

        public async Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken)
        {
            var record = await storage.DoAsync(new StorageStep(StorageAction.Read, entity), () => storage.Peek(entity));
            return record is { } stored ? new Stored<T>(stored.Version, JsonSerializer.Deserialize(stored.Json, Shape)) : null;
        }

        public Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken)
        {
            var json = next.State is { } state ? JsonSerializer.Serialize(state, Shape) : null;
            return storage.DoAsync(new StorageStep(StorageAction.Write, entity), () =>
            {
                var version = storage._records.TryGetValue(entity, out var record) ? record.Version : 0;
                if (version != next.Version - 1)
                {
                    return false;
                }

                if (json is null)
                {
                    storage._records.Remove(entity);
                }
                else
                {
                    storage._records[entity] = (next.Version, json);
                }

                return true;
            });
        }
    }

    private sealed class MemoryLog(MemoryStorage storage) : ILog
    {
        public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
            DoAsync(StorageAction.Append, log, held =>
            {
                if (held.First + held.Entries.Count != position)
                {
                    return false;
                }

                held.Entries.AddRange(entries);
                return true;
            });

        public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken) =>
            DoAsync<IReadOnlyList<LogEntry>>(StorageAction.ReadLog, log, held =>
            {
                var from = (int)Math.Clamp(position - held.First, 0, held.Entries.Count);
                return [.. held.Entries.GetRange(from, Math.Min(most, held.Entries.Count - from)).Select((text, index) => new LogEntry(held.First + from + index, text))];
            });

        public Task<long> EndAsync(string log, CancellationToken cancellationToken) =>
            DoAsync(StorageAction.ReadLog, log, held => held.First + held.Entries.Count);

        public Task TrimAsync(string log, long position, CancellationToken cancellationToken) =>
            DoAsync(StorageAction.Trim, log, held =>
            {
                var forget = (int)Math.Clamp(position - held.First, 0, held.Entries.Count);
                held.Entries.RemoveRange(0, forget);
                storage._logs[log] = (held.First + forget, held.Entries);
                return true;
            });

        private Task<T> DoAsync<T>(StorageAction action, string log, Func<(long First, List<string> Entries), T> act) =>
            storage.DoAsync(new StorageStep(action, new EntityKey("log", log)), () =>
            {
                if (!storage._logs.TryGetValue(log, out var held))
                {
                    storage._logs[log] = held = (1, []);
                }

                return act(held);
            });
    }
}
