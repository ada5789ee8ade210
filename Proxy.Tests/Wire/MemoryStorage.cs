using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Hosting;
using ControlPlane.Records;

namespace ControlPlane.Wire;

/// <summary>Keeps records, logs and alarms for as long as a test runs; records as JSON, so that no object is shared by accident.</summary>
internal sealed class MemoryStorage : IStorage, ILog
{
    private readonly ConcurrentDictionary<EntityKey, string> _records = new();
    private readonly ConcurrentDictionary<EntityKey, DateTimeOffset> _alarms = new();
    private readonly Dictionary<string, List<LogEntry>> _logs = [];
    private readonly Lock _gate = new();

    public ILog Log => this;

    /// <summary>Awaited before a record is read.</summary>
    public Func<EntityKey, Task> BeforeRead { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Told before a record is written.</summary>
    public Action<EntityKey> BeforeWrite { get; set; } = static _ => { };

    public IStore<T> Store<T>(EntityKey entity) where T : class => new Cell<T>(this, entity);

    public Task SetAlarmAsync(EntityKey entity, DateTimeOffset? due)
    {
        _ = due is { } at ? _alarms[entity] = at : _alarms.TryRemove(entity, out var removed) ? removed : default;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StoredAlarm>> AlarmsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredAlarm>>([.. _alarms.Select(static alarm => new StoredAlarm(alarm.Key, alarm.Value))]);

    public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var kept = _logs.TryGetValue(log, out var known) ? known : _logs[log] = [];
            var fits = position == (kept.Count == 0 ? 1 : kept[^1].Position + 1);
            if (fits)
            {
                kept.AddRange(entries.Select((text, at) => new LogEntry(position + at, text)));
            }

            return Task.FromResult(fits);
        }
    }

    public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<LogEntry> read = [.. _logs.GetValueOrDefault(log, []).Where(entry => entry.Position >= position).Take(most)];
            return Task.FromResult(read);
        }
    }

    public Task<long> EndAsync(string log, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_logs.GetValueOrDefault(log) is [.., var last] ? last.Position + 1 : 1);
        }
    }

    public Task TrimAsync(string log, long position, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Cell<T>(MemoryStorage storage, EntityKey entity) : IStore<T> where T : class
    {
        public async Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken)
        {
            await storage.BeforeRead(entity);
            return storage._records.TryGetValue(entity, out var json) ? JsonSerializer.Deserialize<Stored<T>>(json) : null;
        }

        public Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken)
        {
            storage.BeforeWrite(entity);
            var json = JsonSerializer.Serialize(next);
            if (!storage._records.TryGetValue(entity, out var stored))
            {
                return Task.FromResult(next.Version == 1 && storage._records.TryAdd(entity, json));
            }

            var version = JsonSerializer.Deserialize<Stored<T>>(stored)!.Version;
            return Task.FromResult(version == next.Version - 1 && storage._records.TryUpdate(entity, json, stored));
        }
    }
}
