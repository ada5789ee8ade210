using ControlPlane.Errors;

namespace ControlPlane.Records;

/// <summary>
/// A log that an entity folds in memory. Each turn first takes in what others appended since, so two activations at once are as good as one.
/// </summary>
/// <param name="what">What the log is, in a sentence for whoever cannot have it now.</param>
/// <param name="take">Folds one entry; called once for each, in order.</param>
/// <param name="forget">
/// Forgets all that was folded: another has written the log anew, and with what it left out went the entries that said what is no more. None where only
/// what is old is left out.
/// </param>
internal sealed class FollowedLog(ILog log, string name, string what, Action<LogEntry> take, Action? forget = null)
{
    private const int AtOnce = 1000;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The position of the first entry that is kept.</summary>
    public long First { get; private set; } = 1;

    /// <summary>The position of the next entry.</summary>
    public long Next { get; private set; } = 1;

    public bool IsQuiet => _turn.CurrentCount == 1;

    /// <summary>Acts alone, with all that is in the log taken in.</summary>
    /// <exception cref="ControlPlaneException">503: the log cannot be read or written now.</exception>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CatchUpAsync(cancellationToken);
            return await act();
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or ControlPlaneException))
        {
            // A log that cannot be read never means that there is nothing in it.
            throw new ControlPlaneException(
                new Refusal(ErrorCode.ControlPlaneUnavailable, $"{what} cannot be read or written now. Try again.", TimeSpan.FromSeconds(1)), problem);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Appends what is made of the log as it is now, again and again until no other writer is first. Only in a turn.</summary>
    public async Task AppendAsync(Func<IReadOnlyList<string>> make, CancellationToken cancellationToken)
    {
        while (make() is { Count: > 0 } entries && !await TryAppendAsync(entries, cancellationToken))
        {
            // The end is asked for before the entries are: whatever lies before it and is not found then was trimmed.
            var end = await log.EndAsync(name, cancellationToken);
            await CatchUpAsync(cancellationToken);
            if (Next < end)
            {
                BeginAt(end);
            }
        }
    }

    /// <summary>Appends entries behind all that was taken in. False: another writer was first. Only in a turn.</summary>
    public async Task<bool> TryAppendAsync(IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        if (!await log.TryAppendAsync(name, Next, entries, cancellationToken))
        {
            return false;
        }

        foreach (var entry in entries)
        {
            take(new LogEntry(Next++, entry));
        }

        return true;
    }

    /// <summary>Reads entries once more, oldest first. Only in a turn.</summary>
    public Task<IReadOnlyList<LogEntry>> ReadAsync(long position, int most, CancellationToken cancellationToken) =>
        log.ReadAsync(name, position, most, cancellationToken);

    /// <summary>Forgets what lies before a position, but never the last entry: by it the next activation finds the end. Only in a turn.</summary>
    public async Task TrimAsync(long position, CancellationToken cancellationToken)
    {
        position = Math.Min(position, Next - 1);
        await log.TrimAsync(name, position, cancellationToken);
        First = position;
    }

    /// <summary>Forgets all but the latest entries, once there are a tenth more than these. Only in a turn.</summary>
    /// <returns>Whether anything was forgotten.</returns>
    public async Task<bool> KeepLatestAsync(int kept, CancellationToken cancellationToken)
    {
        if (Next - First <= kept + (kept / 10))
        {
            return false;
        }

        await TrimAsync(Next - kept, cancellationToken);
        return true;
    }

    /// <summary>
    /// Writes the log anew when so many of its entries, and more than half, say nothing any more. Only in a turn. What still says something is
    /// appended once more before anything is forgotten, so a crash in between loses nothing.
    /// </summary>
    /// <param name="count">How many entries still say something.</param>
    /// <param name="write">Those.</param>
    public async Task CompactAsync(int after, int count, Func<IReadOnlyList<string>> write, CancellationToken cancellationToken)
    {
        if (Next - First - count < after || (Next - First) / 2 < count)
        {
            return;
        }

        var from = Next;
        foreach (var entries in count == 0 ? [] : write().Chunk(AtOnce))
        {
            // Another writer is first: what was repeated so far says nothing new, and the next turn begins once more.
            if (!await TryAppendAsync(entries, cancellationToken))
            {
                return;
            }
        }

        await TrimAsync(from, cancellationToken);
    }

    /// <summary>What lay before was trimmed by another before it was taken in.</summary>
    private void BeginAt(long position)
    {
        forget?.Invoke();
        First = Next = position;
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var entries = await log.ReadAsync(name, Next, AtOnce, cancellationToken);
            foreach (var entry in entries)
            {
                if (entry.Position != Next)
                {
                    BeginAt(entry.Position);
                }

                take(entry);
                Next = entry.Position + 1;
            }

            if (entries.Count < AtOnce)
            {
                return;
            }
        }
    }
}
