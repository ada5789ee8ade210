using Orleans.Storage;

namespace ControlPlane.Records;

/// <summary>
/// One entity's record in a grain storage provider. Not <c>IPersistentState</c>, which loads before anyone asks, caches what Core caches, and
/// hides the tag. The provider compares tags; the versions, which order, are inside.
/// </summary>
internal sealed class GrainStore<T>(IGrainStorage storage, GrainId id, string name = "record") : IStore<T> where T : class
{
    private Known? _known;

    /// <summary>Whether it existed when it was last read or written here.</summary>
    public bool HasRecord => _known is { Version: > 0 };

    public async Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await ReadStateAsync(cancellationToken);
        return read is { RecordExists: true, State: { State: { } state } record } ? new Stored<T>(record.Version, state) : null;
    }

    public async Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken)
    {
        if (_known?.Version != next.Version - 1)
        {
            await ReadStateAsync(cancellationToken);
        }

        if (_known is not { } known || known.Version != next.Version - 1)
        {
            return false;
        }

        // Unknown until the provider has answered: whatever happens in between, the next write looks first.
        _known = null;
        var write = new GrainState<StoredRecord<T>>
        {
            State = new StoredRecord<T> { Version = next.Version, State = next.State }, ETag = known.Tag, RecordExists = known.Version > 0,
        };
        try
        {
            await (next.State is null ? storage.ClearStateAsync(name, id, write) : storage.WriteStateAsync(name, id, write))
                .WaitAsync(cancellationToken);
        }
        catch (InconsistentStateException)
        {
            return false;
        }

        _known = new Known(next.State is null ? 0 : next.Version, write.ETag);
        return true;
    }

    private async Task<GrainState<StoredRecord<T>>> ReadStateAsync(CancellationToken cancellationToken)
    {
        var read = new GrainState<StoredRecord<T>> { State = new StoredRecord<T>() };
        await storage.ReadStateAsync(name, id, read).WaitAsync(cancellationToken);
        _known = new Known(read.RecordExists ? read.State.Version : 0, read.ETag);
        return read;
    }

    private sealed record Known(long Version, string? Tag);
}
