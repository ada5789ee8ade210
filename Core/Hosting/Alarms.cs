using System.Diagnostics;
using ControlPlane.Entities;

namespace ControlPlane.Hosting;

/// <summary>
/// Wakes entities when their alarm is due, each at most once a second. All that are set are in memory; each host stores an alarm before it sets it here.
/// </summary>
/// <param name="find">The entity of a key; null when this host knows no such kind.</param>
public sealed class Alarms(TimeProvider time, Func<EntityKey, IEntity?> find)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>An alarm this near was likely set for what should go on if its process died.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);

    /// <summary>How many entities are woken at once.</summary>
    private const int Most = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<EntityKey, DateTimeOffset> _due = [];
    private readonly PriorityQueue<EntityKey, DateTimeOffset> _order = new();

    // Those being woken, and until when they are not woken once more.
    private readonly Dictionary<EntityKey, DateTimeOffset> _waking = [];
    private readonly SemaphoreSlim _places = new(Most, Most);
    private TaskCompletionSource _sooner = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Takes the alarms that an earlier process set. What that one had under way goes on now instead of when it would have been missed; an
    /// alarm may be early. One that was set meanwhile is newer than what was read.
    /// </summary>
    public void Restore(IEnumerable<StoredAlarm> alarms)
    {
        var now = time.GetUtcNow();
        foreach (var alarm in alarms)
        {
            lock (_gate)
            {
                if (_due.ContainsKey(alarm.Entity))
                {
                    continue;
                }
            }

            Set(alarm.Entity, alarm.Due < now + UnderWay ? now : alarm.Due);
        }
    }

    public bool IsSet(EntityKey entity, DateTimeOffset? due)
    {
        lock (_gate)
        {
            return _due.TryGetValue(entity, out var set) ? set == due : due is null;
        }
    }

    /// <summary>Takes an alarm that is stored; null clears it.</summary>
    public void Set(EntityKey entity, DateTimeOffset? due)
    {
        lock (_gate)
        {
            if (due is not { } at)
            {
                _due.Remove(entity);
                return;
            }

            _due[entity] = at;
            _order.Enqueue(entity, at);
            if (_order.Peek() == entity)
            {
                _sooner.TrySetResult();
            }
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        // Whoever made it run is answered long before it ends: what an alarm wakes belongs to no trace.
        Activity.Current = null;
        while (true)
        {
            var (entity, wait, sooner) = Next();
            if (entity is not null)
            {
                await _places.WaitAsync(stopping);
                _ = WakeAsync(entity.Value, stopping);
            }
            else
            {
                using var settled = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                // A timer counts whole milliseconds; what is left of one more would be waited for in a circle.
                await Task.WhenAny(sooner, Task.Delay(wait + TimeSpan.FromMilliseconds(1), time, settled.Token));
                stopping.ThrowIfCancellationRequested();
                await settled.CancelAsync();
            }
        }
    }

    /// <summary>What is due, or how long until something is.</summary>
    private (EntityKey? Entity, TimeSpan Wait, Task Sooner) Next()
    {
        lock (_gate)
        {
            if (_sooner.Task.IsCompleted)
            {
                _sooner = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            while (_order.TryPeek(out var entity, out var at))
            {
                if (!_due.TryGetValue(entity, out var due) || due != at)
                {
                    // Set to another time since, or cleared.
                    _order.Dequeue();
                    continue;
                }

                var now = time.GetUtcNow();
                var wait = at - now;
                if (wait > TimeSpan.Zero)
                {
                    // A timer holds no more than 49 days, and a wall clock may jump.
                    return (null, wait < TimeSpan.FromMinutes(1) ? wait : TimeSpan.FromMinutes(1), _sooner.Task);
                }

                _order.Dequeue();
                if (_waking.TryGetValue(entity, out var until) && until > now)
                {
                    Set(entity, until);
                    continue;
                }

                _waking[entity] = now + Again;
                return (entity, TimeSpan.Zero, _sooner.Task);
            }

            return (null, TimeSpan.FromMinutes(1), _sooner.Task);
        }
    }

    private async Task WakeAsync(EntityKey entity, CancellationToken stopping)
    {
        DateTimeOffset woken;
        lock (_gate)
        {
            woken = _due.GetValueOrDefault(entity);
        }

        var failed = false;
        try
        {
            if (find(entity) is { } found)
            {
                await found.WakeAsync(stopping);
            }
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // What it could not do now it does on a later wake: the alarm stays set until one succeeds.
            failed = true;
        }
        finally
        {
            _places.Release();
        }

        Woken(entity, woken, failed);
    }

    /// <summary>
    /// After a wake. One that failed, one that asked for the same moment again, and one that asked for a moment that has passed by this clock,
    /// as an entity does whose own clock is behind, is woken again, but not in a circle without a pause.
    /// </summary>
    private void Woken(EntityKey entity, DateTimeOffset woken, bool failed)
    {
        lock (_gate)
        {
            _waking.Remove(entity);
            var now = time.GetUtcNow();
            if (failed || (_due.TryGetValue(entity, out var due) && (due == woken || due <= now)))
            {
                Set(entity, now + Again);
            }
        }
    }
}
