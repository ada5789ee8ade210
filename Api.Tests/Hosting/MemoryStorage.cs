using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Records;

namespace ControlPlane.Hosting;

/// <summary>
/// Records, logs and alarms in memory. A record is kept as the JSON that a real store would keep, so what does not survive serialisation
/// does not survive here.
/// </summary>
internal sealed class MemoryStorage : IStorage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntityKey, (long Version, string Json)> _records = [];
    private readonly Dictionary<EntityKey, DateTimeOffset> _alarms = [];
    private readonly Dictionary<string, (long First, List<string> Entries)> _logs = [];

    public MemoryStorage() => Log = new MemoryLog(this);

    public ILog Log { get; }

    /// <summary>Every step fails, and nothing is done.</summary>
    public bool IsDown { get; set; }

    /// <summary>Awaited before a step on a record or log of this kind is done.</summary>
    public Func<EntityKey, Task>? Before { get; set; }

    /// <summary>All that is stored, as one text: what must not be kept is looked for in it.</summary>
    public string Everything()
    {
        lock (_gate)
        {
            return string.Join('\n', _records.Values.Select(record => record.Json).Concat(_logs.Values.SelectMany(log => log.Entries)));
        }
    }

    /// <summary>What is stored of one entity; null when there is no record.</summary>
    public string? Peek(EntityKey entity)
    {
        lock (_gate)
        {
            return _records.TryGetValue(entity, out var record) ? record.Json : null;
        }
    }

    public IStore<T> Store<T>(EntityKey entity) where T : class => new MemoryStore<T>(this, entity);

    public Task SetAlarmAsync(EntityKey entity, DateTimeOffset? due) => DoAsync(entity, () =>
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

    public Task<IReadOnlyList<StoredAlarm>> AlarmsAsync(CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<StoredAlarm>>(default, () => [.. _alarms.Select(row => new StoredAlarm(row.Key, row.Value))], cancellationToken);

    private async Task<T> DoAsync<T>(EntityKey entity, Func<T> act, CancellationToken cancellationToken = default)
    {
        // A real store never answers on the caller's own stack.
        await Task.Yield();
        if (Before is { } before)
        {
            await before(entity).WaitAsync(cancellationToken);
        }

        if (IsDown)
        {
            throw new IOException("The storage is down.");
        }

        lock (_gate)
        {
            return act();
        }
    }

    private sealed class MemoryStore<T>(MemoryStorage storage, EntityKey entity) : IStore<T> where T : class
    {
        private static readonly JsonTypeInfo<T> Shape = (JsonTypeInfo<T>)(CoreJson.Default.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T)} is stored but CoreJson does not know it."));

        public Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken) => storage.DoAsync(entity, () =>
            storage._records.TryGetValue(entity, out var record) ? new Stored<T>(record.Version, JsonSerializer.Deserialize(record.Json, Shape)) : null,
            cancellationToken);

        public Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken)
        {
            var json = next.State is { } state ? JsonSerializer.Serialize(state, Shape) : null;
            return storage.DoAsync(entity, () =>
            {
                if ((storage._records.TryGetValue(entity, out var record) ? record.Version : 0) != next.Version - 1)
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
            }, cancellationToken);
        }
    }

    private sealed class MemoryLog(MemoryStorage storage) : ILog
    {
        public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
            DoAsync(log, held =>
            {
                if (held.First + held.Entries.Count != position)
                {
                    return false;
                }

                held.Entries.AddRange(entries);
                return true;
            }, cancellationToken);

        public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken) =>
            DoAsync<IReadOnlyList<LogEntry>>(log, held =>
                [.. held.Entries.Select((text, index) => new LogEntry(held.First + index, text)).Where(entry => entry.Position >= position).Take(most)], cancellationToken);

        public Task<long> EndAsync(string log, CancellationToken cancellationToken) =>
            DoAsync(log, held => held.First + held.Entries.Count, cancellationToken);

        public Task TrimAsync(string log, long position, CancellationToken cancellationToken) => DoAsync(log, held =>
        {
            var forget = (int)Math.Clamp(position - held.First, 0, held.Entries.Count);
            held.Entries.RemoveRange(0, forget);
            storage._logs[log] = (held.First + forget, held.Entries);
            return true;
        }, cancellationToken);

        private Task<T> DoAsync<T>(string log, Func<(long First, List<string> Entries), T> act, CancellationToken cancellationToken) =>
            storage.DoAsync(new EntityKey("log", log), () =>
            {
                if (!storage._logs.TryGetValue(log, out var held))
                {
                    storage._logs[log] = held = (1, []);
                }

                return act(held);
            }, cancellationToken);
    }
}
