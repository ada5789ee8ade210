using System.Collections.Concurrent;
using Orleans.Storage;

namespace ControlPlane.Hosting;

/// <summary>
/// A grain storage of the test process, shared by all silos of a cluster and outliving them. It compares tags and sets, holds the very bytes
/// that a real one would, and can fail, answer late, and apply and then fail.
/// </summary>
internal sealed class TestStore : IGrainStorage
{
    private readonly Records.RecordJson _json = new();
    private readonly ConcurrentDictionary<string, (string Tag, BinaryData Data)> _records;
    private int _writes;

    public TestStore() => _records = new();

    /// <summary>Another way to the same records.</summary>
    public TestStore(TestStore same) => _records = same._records;

    /// <summary>Awaited before an action on a grain's record is done; it may wait or throw.</summary>
    public Func<StoreAction, GrainId, Task>? Before { get; set; }

    /// <summary>Awaited after it is done and before it is answered; it may wait or throw: the outcome is then unknown to whoever asked.</summary>
    public Func<StoreAction, GrainId, Task>? After { get; set; }

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>What is stored for a grain, as text; null when there is nothing.</summary>
    public string? Peek(string kind, string key, string name = "record") =>
        _records.TryGetValue(Place(name, GrainId.Create(kind, key)), out var held) ? held.Data.ToString() : null;

    /// <summary>Puts a record there as another process would have.</summary>
    public void Put(string kind, string key, string json, string name = "record") =>
        _records[Place(name, GrainId.Create(kind, key))] = (NextTag(), new BinaryData(json));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => DoAsync(StoreAction.Read, grainId, () =>
    {
        var exists = _records.TryGetValue(Place(stateName, grainId), out var held);
        (grainState.ETag, grainState.RecordExists) = (exists ? held.Tag : null, exists);
        grainState.State = exists ? _json.Deserialize<T>(held.Data) : Activator.CreateInstance<T>();
    });

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => DoAsync(StoreAction.Write, grainId, () =>
    {
        var (place, tag) = (Place(stateName, grainId), NextTag());
        var next = (tag, _json.Serialize(grainState.State));
        var done = grainState.ETag is { } expected
            ? _records.TryGetValue(place, out var held) && held.Tag == expected && _records.TryUpdate(place, next, held)
            : _records.TryAdd(place, next);
        Settle(done, grainState, tag, exists: true);
    });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => DoAsync(StoreAction.Clear, grainId, () =>
    {
        var place = Place(stateName, grainId);
        var done = _records.TryGetValue(place, out var held) ? held.Tag == grainState.ETag && _records.TryRemove(new(place, held)) : grainState.ETag is null;
        Settle(done, grainState, null, exists: false);
    });

    private void Settle<T>(bool done, IGrainState<T> state, string? tag, bool exists)
    {
        if (!done)
        {
            throw new InconsistentStateException("Another tag is stored.");
        }

        Interlocked.Increment(ref _writes);
        (state.ETag, state.RecordExists) = (tag, exists);
    }

    private async Task DoAsync(StoreAction action, GrainId grain, Action act)
    {
        await (Before?.Invoke(action, grain) ?? Task.CompletedTask);
        act();
        await (After?.Invoke(action, grain) ?? Task.CompletedTask);
    }

    private static string NextTag() => Guid.NewGuid().ToString("N");

    private static string Place(string name, GrainId grain) => $"{grain}/{name}";
}

internal enum StoreAction
{
    Read,
    Write,
    Clear,
}
