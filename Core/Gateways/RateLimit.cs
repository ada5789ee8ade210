namespace ControlPlane.Gateways;

/// <summary>
/// How often each of many may do something: so many times at once, each place free again evenly over the window. What is counted beyond that,
/// because many did it at one moment, adds nothing: a place is free again after at most one of the parts of the window. In memory, of one process.
/// </summary>
/// <param name="keys">
/// How many are remembered at most. Beyond it whoever has counted least of a few goes, so that whoever comes under many names pushes out his own
/// and not what another has used up.
/// </param>
public sealed class RateLimit<TKey>(TimeProvider time, int most, TimeSpan window, int keys = 100_000) where TKey : notnull
{
    /// <summary>How many are looked at when one must go.</summary>
    private const int Compared = 8;

    private readonly Lock _gate = new();

    // A leaky bucket each: the moment, in the clock's own ticks, at which all that was counted has run out.
    private readonly Dictionary<TKey, long> _emptyAt = [];
    private readonly Queue<TKey> _turns = new();
    private readonly long _each = (long)(window.TotalSeconds * time.TimestampFrequency / most);

    /// <summary>How many are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _emptyAt.Count;
            }
        }
    }

    /// <summary>How long, in whole seconds, until this one may do it again; null: it may now.</summary>
    public TimeSpan? Wait(TKey key)
    {
        lock (_gate)
        {
            return WaitAt(key, time.GetTimestamp());
        }
    }

    /// <summary>Counts what was done, allowed or not.</summary>
    public void Add(TKey key)
    {
        lock (_gate)
        {
            AddAt(key, time.GetTimestamp());
        }
    }

    /// <summary>Counts it if it is allowed, in one step, so that many at one moment are not allowed more than the limit.</summary>
    /// <returns>How long to wait, and nothing was counted; null: it is allowed, and counted.</returns>
    public TimeSpan? Take(TKey key)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (WaitAt(key, now) is { } wait)
            {
                return wait;
            }

            AddAt(key, now);
            return null;
        }
    }

    /// <summary>Takes one back that was counted.</summary>
    public void GiveBack(TKey key)
    {
        lock (_gate)
        {
            if (_emptyAt.TryGetValue(key, out var emptyAt))
            {
                _emptyAt[key] = emptyAt - _each;
            }
        }
    }

    private TimeSpan? WaitAt(TKey key, long now) =>
        _emptyAt.TryGetValue(key, out var emptyAt) && emptyAt - now - (_each * (most - 1)) is > 0 and var wait
            ? TimeSpan.FromSeconds(Math.Ceiling((double)wait / time.TimestampFrequency))
            : null;

    private void AddAt(TKey key, long now)
    {
        if (!_emptyAt.TryGetValue(key, out var emptyAt))
        {
            MakeRoom(now);
            _turns.Enqueue(key);
        }

        _emptyAt[key] = Math.Min(Math.Max(emptyAt, now) + _each, now + (_each * most));
    }

    /// <summary>Of the next few in turn the emptiest goes; the search ends with one that is empty already.</summary>
    private void MakeRoom(long now)
    {
        if (_emptyAt.Count < keys)
        {
            return;
        }

        var emptiest = _turns.Dequeue();
        for (var at = 1; at < Compared && _emptyAt[emptiest] > now && _turns.TryDequeue(out var next); at++)
        {
            var (goes, stays) = _emptyAt[next] < _emptyAt[emptiest] ? (next, emptiest) : (emptiest, next);
            emptiest = goes;
            _turns.Enqueue(stays);
        }

        _emptyAt.Remove(emptiest);
    }
}
