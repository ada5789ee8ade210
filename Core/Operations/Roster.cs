using ControlPlane.Entities;
using ControlPlane.Errors;

namespace ControlPlane.Operations;

/// <summary>
/// The entity behind <see cref="IRoster"/>: a log of who came (<c>+id</c>) and who left (<c>-id</c>), folded in memory. Each call first reads
/// what others appended since, so two activations at once are as good as one.
/// </summary>
public sealed class Roster(string name, IEntityHost host) : IRoster, IEntity
{
    private const int ReadAtOnce = 1000;

    /// <summary>The log is written anew when this many of its entries, and more than half, say nothing any more.</summary>
    private const int TrimAfter = 1000;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SortedSet<string> _there = new(StringComparer.Ordinal);
    private readonly string _log = $"roster/{name}";
    private long _next = 1;
    private long _first = 1;

    public bool IsForgettable => _there.Count == 0 && _turn.CurrentCount == 1;

    public Task WakeAsync(CancellationToken cancellationToken = default) => host.WakeAtAsync(null);

    public Task EnterAsync(string id, CancellationToken cancellationToken = default) =>
        SayAsync("+" + id, there => !there.Contains(id), cancellationToken);

    public Task LeaveAsync(string id, CancellationToken cancellationToken = default) =>
        SayAsync("-" + id, there => there.Contains(id), cancellationToken);

    public Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken = default) => InTurnAsync<IReadOnlyList<string>>(async () =>
    {
        await CatchUpAsync(cancellationToken);
        return [.. _there];
    }, cancellationToken);

    private Task SayAsync(string entry, Func<SortedSet<string>, bool> isNews, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        do
        {
            await CatchUpAsync(cancellationToken);
            if (!isNews(_there))
            {
                return true;
            }
        }
        while (!await AppendAsync([entry], cancellationToken));

        await TrimAsync(cancellationToken);
        return true;
    }, cancellationToken);

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var entries = await host.Log.ReadAsync(_log, _next, ReadAtOnce, cancellationToken);
            foreach (var entry in entries)
            {
                // The first that is read of a log is the first that it has: what lay before was trimmed.
                _first = _next == 1 ? entry.Position : _first;
                Take(entry.Text);
                _next = entry.Position + 1;
            }

            if (entries.Count < ReadAtOnce)
            {
                return;
            }
        }
    }

    private void Take(string entry)
    {
        if (entry[0] == '+')
        {
            _there.Add(entry[1..]);
        }
        else
        {
            _there.Remove(entry[1..]);
        }
    }

    private async Task<bool> AppendAsync(IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        if (!await host.Log.TryAppendAsync(_log, _next, entries, cancellationToken))
        {
            return false;
        }

        foreach (var entry in entries)
        {
            Take(entry);
        }

        _next += entries.Count;
        return true;
    }

    /// <summary>Whoever is there is appended once more before anything is forgotten, so a crash in between loses nobody.</summary>
    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        if (_next - _first - _there.Count < TrimAfter || (_next - _first) / 2 < _there.Count)
        {
            return;
        }

        var from = _next;
        if (_there.Count == 0 || await AppendAsync([.. _there.Select(id => "+" + id)], cancellationToken))
        {
            await host.Log.TrimAsync(_log, from, cancellationToken);
            _first = from;
        }
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await act();
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or ControlPlaneException))
        {
            // A log that cannot be read never means that there is nobody.
            throw new ControlPlaneException(
                new Refusal(ErrorCode.ControlPlaneUnavailable, $"The list of {name} cannot be read or written now. Try again.", TimeSpan.FromSeconds(1)), problem);
        }
        finally
        {
            _turn.Release();
        }
    }
}
