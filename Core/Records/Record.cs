using System.Diagnostics.CodeAnalysis;
using ControlPlane.Errors;

namespace ControlPlane.Records;

/// <summary>
/// One entity's record: a queue of decisions and one compare-and-set for all that has queued while the last one was under way. It is the
/// only way to change a record, on every host, so there is no mailbox: whoever loses a race reads again and decides again.
/// </summary>
public sealed class Record<T>(IStore<T> store) where T : class
{
    /// <summary>More than this waiting for one save means that the store has stopped; the next caller is told so at once.</summary>
    private const int MostQueued = 4096;

    /// <summary>
    /// How long after it was asked a decision that lost its race is made again. Whoever is older was frozen, or speaks for an activation that was
    /// replaced: it was asked again elsewhere by now, perhaps followed by the contrary, and must not undo that. A silo that stands still is given
    /// up no sooner.
    /// </summary>
    private static readonly TimeSpan DecidedAgainWithin = TimeSpan.FromSeconds(2);

    private static readonly string Kind = StoreMeter.Word(typeof(T));

    private readonly Lock _gate = new();
    private List<IPending<T>> _queue = [];
    private bool _pumping;
    private volatile Stored<T>? _current;
    private Task<Stored<T>>? _load;

    // Reads and saves are numbered as they begin; what a read brings is older than everything that was taken in after its number was given.
    private long _lastNumber;
    private long _taken;

    /// <summary>
    /// Raised with each state that comes from the store and is not the one in memory, before anybody can see it or decide on it. It must
    /// not use the record.
    /// </summary>
    public event Action<Stored<T>>? Arriving;

    /// <summary>Raised when the state came from the store: at the first use, after a lost race, and after a failure.</summary>
    public event Action<Stored<T>>? Loaded;

    /// <summary>Raised when a save is durable, before its callers are answered.</summary>
    public event Action<Stored<T>>? Saved;

    /// <summary>Awaited before a save: what must be in place when the record is durable, such as an alarm. A failure fails the save.</summary>
    public Func<Stored<T>, CancellationToken, Task>? BeforeSave { get; set; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What is in memory; null before the first load and after a failure.</summary>
    public Stored<T>? Current => _current;

    /// <summary>Nothing is queued or under way.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_gate)
            {
                return !_pumping && _load is not { IsCompleted: false };
            }
        }
    }

    /// <summary>The state as last known here; it may be behind the store when another activation has written.</summary>
    /// <exception cref="ControlPlaneException">503: it was not in memory and the store could not be read.</exception>
    public async Task<Stored<T>> ReadAsync(CancellationToken cancellationToken = default) =>
        _current ?? await LoadAsync(cancellationToken);

    /// <summary>The state as it is stored, read after this call was made.</summary>
    /// <exception cref="ControlPlaneException">503: the store could not be read.</exception>
    public async Task<Stored<T>> ReadFreshAsync(CancellationToken cancellationToken = default)
    {
        var number = NextNumber();
        var stored = await ReadStoreAsync(cancellationToken);
        if (_current?.Version != stored.Version)
        {
            Arriving?.Invoke(stored);
        }

        Adopt(stored, number);
        return stored;
    }

    /// <summary>Queues a decision and answers when its outcome is durable, or known to rest on what is stored.</summary>
    /// <exception cref="ControlPlaneException">
    /// What the decision threw; or 503: the store failed and the outcome is unknown. Doing it again is harmless: a command that is done
    /// answers what it answered.
    /// </exception>
    public Task<TAnswer> ChangeAsync<TAnswer>(Func<T?, long, Decision<T, TAnswer>> decide, CancellationToken cancellationToken = default)
    {
        var pending = new Pending<T, TAnswer>(decide, Time.GetTimestamp());
        lock (_gate)
        {
            if (_queue.Count >= MostQueued)
            {
                throw Unavailable();
            }

            _queue.Add(pending);
            if (!_pumping)
            {
                _pumping = true;
                _ = PumpAsync();
            }
        }

        return pending.Task.WaitAsync(cancellationToken);
    }

    private async Task PumpAsync()
    {
        // What the caller holds (a lock, a turn) must not be held through the save.
        await Task.Yield();
        while (true)
        {
            List<IPending<T>> batch;
            lock (_gate)
            {
                if (_queue.Count == 0)
                {
                    _pumping = false;
                    return;
                }

                (batch, _queue) = (_queue, []);
            }

            try
            {
                while (batch.Count > 0 && !await TrySettleAsync(batch))
                {
                    batch.RemoveAll(GiveUp);
                }
            }
            catch (Exception problem)
            {
                // The outcome is unknown: forget, so that the next use reads what really is stored.
                _current = null;
                var refusal = problem as ControlPlaneException ?? Unavailable(problem);
                batch.ForEach(pending => pending.Fail(refusal));
            }
        }
    }

    private bool GiveUp(IPending<T> pending)
    {
        var isOld = Time.GetElapsedTime(pending.Asked) > DecidedAgainWithin;
        if (isOld)
        {
            pending.Fail(new ControlPlaneException(new Refusal(
                ErrorCode.ControlPlaneUnavailable, "The record was changed elsewhere since this was asked, some seconds ago. Look at it, and ask again.", TimeSpan.FromSeconds(1))));
        }

        return isOld;
    }

    /// <summary>Decides a batch in order and saves it as one. False: what it rested on was no longer true; decide again.</summary>
    private async Task<bool> TrySettleAsync(List<IPending<T>> batch)
    {
        var current = _current ?? await LoadAsync(CancellationToken.None);
        var state = current.State;
        var version = current.Version + 1;
        var changes = false;
        var final = true;
        foreach (var pending in batch)
        {
            pending.Decide(ref state, version, ref changes, ref final);
        }

        if (changes)
        {
            var next = new Stored<T>(version, state);
            if (BeforeSave is { } before)
            {
                await before(next, CancellationToken.None);
            }

            Take();
            if (!await StoreMeter.MeasureAsync(Kind, "write", StoreMeter.Wrote, () => store.TryWriteAsync(next, CancellationToken.None)))
            {
                _current = null;
                return false;
            }

            next = state is null ? Stored<T>.None : next;
            lock (_gate)
            {
                _taken = ++_lastNumber;
                _current = next;
            }

            Saved?.Invoke(next);
        }
        else if (!final && await IsBehindAsync(current))
        {
            return false;
        }

        batch.ForEach(pending => pending.Complete());
        return true;
    }

    private async Task<bool> IsBehindAsync(Stored<T> current) =>
        (await ReadFreshAsync(CancellationToken.None)).Version != current.Version;

    /// <summary>One load serves all who wait for it.</summary>
    private Task<Stored<T>> LoadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _load = _load is { IsCompleted: false } underWay ? underWay : LoadNowAsync();
            return _load.WaitAsync(cancellationToken);
        }
    }

    private async Task<Stored<T>> LoadNowAsync()
    {
        // Out of the lock first: whoever hears that the record is loaded may want to change it.
        await Task.Yield();
        return await ReadFreshAsync(CancellationToken.None);
    }

    /// <summary>Takes what was read into memory, unless a save or a later read was taken meanwhile: then what is in memory is newer.</summary>
    private void Adopt(Stored<T> stored, long number)
    {
        lock (_gate)
        {
            if (number < _taken || _current?.Version == stored.Version)
            {
                return;
            }

            (_current, _taken) = (stored, number);
        }

        Loaded?.Invoke(stored);
    }

    private long NextNumber()
    {
        lock (_gate)
        {
            return ++_lastNumber;
        }
    }

    private void Take()
    {
        lock (_gate)
        {
            _taken = ++_lastNumber;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws means that it cannot be read.")]
    private async Task<Stored<T>> ReadStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StoreMeter.MeasureAsync(Kind, "read", StoreMeter.Done, () => store.ReadAsync(cancellationToken)) ?? Stored<T>.None;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(problem);
        }
    }

    private static ControlPlaneException Unavailable(Exception? cause = null) => new(
        new Refusal(ErrorCode.ControlPlaneUnavailable, "The store cannot be reached. Nothing that was acknowledged is lost; try again.", TimeSpan.FromSeconds(1)),
        cause);
}
