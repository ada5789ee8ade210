using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Hosting;
using ControlPlane.Records;

namespace ControlPlane.Simulation;

/// <summary>
/// The one storage of a schedule. It can be late, fail before it has done anything, fail after it has, or do later what it has already
/// called failed.
/// </summary>
internal sealed class SimulatedStorage(Scheduler scheduler, Profile profile, Trace trace)
{
    private readonly Dictionary<EntityKey, (long Version, object State)> _records = [];
    private readonly Dictionary<string, (long First, List<string> Entries)> _logs = [];

    public bool IsCalm { get; set; } = true;

    /// <summary>All records, in the order in which they were made.</summary>
    public List<EntityKey> Keys { get; } = [];

    /// <summary>Raised when a record was written.</summary>
    public Action<EntityKey, long, object?>? Written { get; set; }

    public T? Peek<T>(EntityKey entity) where T : class => _records.TryGetValue(entity, out var record) ? (T)record.State : null;

    public IStore<T> Store<T>(Machine machine, EntityKey entity) where T : class => new RecordStore<T>(this, machine, entity);

    public ILog Log(Machine machine) => new EntryLog(this, machine);

    /// <summary>Does something to what is stored, on behalf of a machine.</summary>
    public Task<T> DoAsync<T>(Machine machine, Func<T> act)
    {
        var done = new TaskCompletionSource<T>();
        var life = machine.Life;
        var chance = scheduler.Chance;
        void Answer(Action give) => machine.Post(life, static state => ((Action)state!)(), give);
        void Fail() => Answer(() => done.TrySetException(new IOException("The store has failed.")));
        var fate = !IsCalm && chance.Is(profile.StoreFails) ? 1 + chance.Next(3) : 0;
        switch (fate)
        {
            case 0:
                scheduler.After(Latency(), () =>
                {
                    var result = act();
                    if (!IsCalm && chance.Is(profile.StoreLate))
                    {
                        scheduler.After(Latency(), () => Answer(() => done.TrySetResult(result)));
                    }
                    else
                    {
                        Answer(() => done.TrySetResult(result));
                    }
                });
                break;
            case 1:
                scheduler.After(Latency(), Fail);
                break;
            case 2:
                scheduler.After(Latency(), () =>
                {
                    act();
                    Fail();
                });
                break;
            default:
                Fail();
                scheduler.After(Latency(), () => act());
                break;
        }

        return done.Task;
    }

    private long Latency() =>
        IsCalm ? TimeSpan.TicksPerMillisecond / 2
        : scheduler.Chance.Is(profile.StoreLate) ? scheduler.Chance.Milliseconds(1, scheduler.Chance.Is(0.1) ? 3000 : 200)
        : scheduler.Chance.Milliseconds(0.1, 1);

    private sealed class RecordStore<T>(SimulatedStorage storage, Machine machine, EntityKey entity) : IStore<T> where T : class
    {
        private static readonly JsonTypeInfo<T> Shape = (JsonTypeInfo<T>)(CoreJson.Default.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T)} is stored but CoreJson does not know it."));

        public Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken) => storage.DoAsync(machine, () =>
            storage._records.TryGetValue(entity, out var record) ? new Stored<T>(record.Version, (T)record.State) : null);

        public Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken)
        {
            var state = next.State is { } given && storage.Json ? JsonSerializer.Deserialize(JsonSerializer.Serialize(given, Shape), Shape) : next.State;
            return storage.DoAsync(machine, () => storage.TryWrite(entity, next.Version, state, machine));
        }
    }

    private bool Json => profile.Json;

    private bool TryWrite(EntityKey entity, long version, object? state, Machine machine)
    {
        var isThere = _records.TryGetValue(entity, out var record);
        if ((isThere ? record.Version : 0) != version - 1)
        {
            return false;
        }

        if (state is null)
        {
            _records.Remove(entity);
        }
        else
        {
            if (!isThere)
            {
                Keys.Add(entity);
            }

            _records[entity] = (version, state);
        }

        if (trace.IsOn)
        {
            trace.Add($"{machine.Name} saves {entity} as {version}: {(state is null ? "removed" : JsonSerializer.Serialize(state, state.GetType(), CoreJson.Default))}");
        }

        Written?.Invoke(entity, version, state);
        return true;
    }

    private sealed class EntryLog(SimulatedStorage storage, Machine machine) : ILog
    {
        public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
            storage.DoAsync(machine, () =>
            {
                var held = storage.Entries(log);
                if (held.First + held.Entries.Count != position)
                {
                    return false;
                }

                held.Entries.AddRange(entries);
                return true;
            });

        public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken) =>
            storage.DoAsync<IReadOnlyList<LogEntry>>(machine, () =>
            {
                var held = storage.Entries(log);
                var from = (int)Math.Clamp(position - held.First, 0, held.Entries.Count);
                return [.. held.Entries.Skip(from).Take(most).Select((text, index) => new LogEntry(held.First + from + index, text))];
            });

        public Task<long> EndAsync(string log, CancellationToken cancellationToken) => storage.DoAsync(machine, () =>
        {
            var held = storage.Entries(log);
            return held.First + held.Entries.Count;
        });

        public Task TrimAsync(string log, long position, CancellationToken cancellationToken) => storage.DoAsync(machine, () =>
        {
            var held = storage.Entries(log);
            var forget = (int)Math.Clamp(position - held.First, 0, held.Entries.Count);
            held.Entries.RemoveRange(0, forget);
            storage._logs[log] = (held.First + forget, held.Entries);
            return true;
        });
    }

    private (long First, List<string> Entries) Entries(string log) => _logs.TryGetValue(log, out var held) ? held : _logs[log] = (1, []);
}
