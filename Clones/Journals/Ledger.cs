namespace ControlPlane.Journals;

/// <summary>
/// One state that survives. Reads take the last acknowledged state and wait for nobody. Changes queue; what has queued while the disk was
/// busy is decided in order, written as one frame and answered when that is on disk. A write that fails fails those who waited for it and
/// leaves the state as it was; the next may succeed.
/// </summary>
internal sealed class Ledger<TState, TChange>(string path, IJournaled<TState, TChange> rules, TState seed, Disk disk) : IAsyncDisposable
    where TState : class
    where TChange : class
{
    // Rewriting pays when most of a journal has been overtaken; below the least size the file is not worth the trouble.
    private const long LeastRewrite = 1024 * 1024;
    private const int ExportedPerFrame = 256;
    private const int ChangesPerFrame = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting<TState, TChange>> _queue = [];
    private Journal? _journal;
    private TState? _state;
    private Task? _loading;
    private Task _draining = Task.CompletedTask;
    private bool _closed;
    private long _rewriteAt = LeastRewrite;

    /// <summary>The last acknowledged state. The first call reads the journal, if there is one.</summary>
    /// <exception cref="JournalDamagedException">The journal cannot be read without losing what was acknowledged.</exception>
    public ValueTask<TState> ReadAsync() => Volatile.Read(ref _state) is { } state ? new(state) : new(LoadedAsync());

    /// <summary>The last acknowledged state, if it has been read; nobody waits for it.</summary>
    public TState? Known => Volatile.Read(ref _state);

    /// <summary>Decides on the state as all earlier changes leave it, and answers when the change is on disk.</summary>
    /// <exception cref="LedgerClosedException">The ledger was closed first; nothing was changed.</exception>
    /// <exception cref="IOException">The change could not be written and does not count.</exception>
    public async Task<TAnswer> ChangeAsync<TAnswer>(Func<TState, Decision<TChange, TAnswer>> decide)
    {
        await ReadAsync();
        var waiting = new Waiting<TState, TChange, TAnswer>(decide);
        lock (_lock)
        {
            LedgerClosedException.ThrowIf(_closed);
            _queue.Enqueue(waiting);
            if (_draining.IsCompleted)
            {
                _draining = disk.RunAsync(Drain);
            }
        }

        return await waiting.Answer;
    }

    /// <summary>Takes no more changes, finishes those under way, closes the file. Twice is harmless.</summary>
    public async ValueTask DisposeAsync()
    {
        Task draining;
        lock (_lock)
        {
            _closed = true;
            draining = _draining;
        }

        await Task.WhenAll(draining, _loading ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _journal?.Dispose();
    }

    private async Task<TState> LoadedAsync()
    {
        Task loading;
        lock (_lock)
        {
            LedgerClosedException.ThrowIf(_closed);
            loading = _loading ??= File.Exists(path) ? disk.RunAsync(Load) : Task.CompletedTask;
            if (loading.IsCompletedSuccessfully)
            {
                _state ??= seed;
            }
        }

        try
        {
            await loading;
            return _state!; // Either the seed or what Load has read.
        }
        catch (IOException)
        {
            // The next call tries again: too many open files pass, and a damaged file may have been restored.
            lock (_lock)
            {
                _loading = _loading == loading ? null : _loading;
            }

            throw;
        }
    }

    private void Load()
    {
        var state = rules.Nothing;
        var any = false;
        _journal = Journal.Open(path, payload =>
        {
            any = true;
            state = JournalEntries.Read(payload, rules.Json, path).Aggregate(state, rules.Apply);
        });
        Volatile.Write(ref _state, any ? state : seed);
    }

    private void Drain()
    {
        while (Next() is { Count: > 0 } batch)
        {
            var before = _state!; // ChangeAsync has loaded it.
            try
            {
                var state = before;
                var changes = new List<TChange>(batch.Count);
                foreach (var waiting in batch)
                {
                    if (waiting.Decide(state) is { } change)
                    {
                        changes.Add(change);
                        state = rules.Apply(state, change);
                    }
                }

                if (changes.Count > 0)
                {
                    Write(before, changes);
                    Volatile.Write(ref _state, state);
                }
            }
#pragma warning disable CA1031 // Nothing is swallowed: whoever waited for this batch gets the exception.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                batch.ForEach(waiting => waiting.Fail(exception));
                continue;
            }

            batch.ForEach(static waiting => waiting.Finish());
            RewriteWhenDue();
        }
    }

    private List<Waiting<TState, TChange>> Next()
    {
        var batch = new List<Waiting<TState, TChange>>();
        lock (_lock)
        {
            while (batch.Count < ChangesPerFrame && _queue.TryDequeue(out var waiting))
            {
                batch.Add(waiting);
            }

            if (batch.Count == 0)
            {
                // In the same step as seeing the queue empty: whoever enqueues next starts a drain of its own.
                _draining = Task.CompletedTask;
            }
        }

        return batch;
    }

    private void Write(TState before, List<TChange> changes)
    {
        _journal ??= Journal.Open(path, static _ => { });
        if (_journal.Length == 0)
        {
            // A journal holds its seed too: what a session started from must not change with the next version's seeds.
            changes.InsertRange(0, rules.Export(before));
        }

        _journal.Append(JournalEntries.Of(changes, rules.Json));
    }

    private void RewriteWhenDue()
    {
        if (_journal is not { } journal || journal.Length < _rewriteAt)
        {
            return;
        }

        try
        {
            var frames = rules.Export(_state!).Chunk(ExportedPerFrame).Select(changes => JournalEntries.Of(changes, rules.Json));
            _journal = journal.Rewritten(frames);
            _rewriteAt = Math.Max(LeastRewrite, _journal.Length * 4);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The longer journal is as good; a full disk is the usual cause, so the next try waits for it to double.
            _rewriteAt = journal.Length * 2;
        }
    }
}
