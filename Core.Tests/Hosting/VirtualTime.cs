namespace ControlPlane.Hosting;

/// <summary>
/// Time that stands still until it is moved. Timers fire on the thread that moves it, in the order in which they are due, each with the
/// clocks at its own moment. The monotonic and the wall clock can be moved apart, as suspended machines and administrators do.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly SortedSet<Timer> _timers = new(Comparer<Timer>.Create(
        (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Number.CompareTo(other.Number)));

    // Not 0 at the start: nothing may rest on what a monotonic clock happens to begin with.
    private long _now = TimeSpan.FromDays(3).Ticks;
    private long _wall = Start.UtcTicks;
    private long _lastNumber;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long until the next timer is due; null when there is none. Not more than nothing: it is overdue.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.Due - _now)) : null;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _wall), TimeSpan.Zero);

    /// <summary>Moves both clocks and fires what is due on the way.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        long target;
        lock (_gate)
        {
            target = _now + span.Ticks;
        }

        while (TakeNext(target) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            MoveTo(target);
        }
    }

    /// <summary>Moves both clocks and fires nothing: a process that was frozen. What is overdue fires at the next <see cref="Advance"/>.</summary>
    public void Freeze(TimeSpan span)
    {
        lock (_gate)
        {
            MoveTo(_now + span.Ticks);
        }
    }

    /// <summary>Moves the wall clock alone, forward or back.</summary>
    public void MoveWall(TimeSpan span) => Interlocked.Add(ref _wall, span.Ticks);

    /// <summary>Moves the monotonic clock alone, firing what is due.</summary>
    public void AdvanceMonotonic(TimeSpan span)
    {
        Advance(span);
        MoveWall(-span);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? TakeNext(long target)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } next || next.Due > target)
            {
                return null;
            }

            _timers.Remove(next);
            MoveTo(Math.Max(_now, next.Due));
            next.Rearm(_now);
            return next;
        }
    }

    private void MoveTo(long now)
    {
        if (now > _now)
        {
            Interlocked.Add(ref _wall, now - _now);
            Interlocked.Exchange(ref _now, now);
        }
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public long Due { get; private set; }

        public long Number { get; private set; }

        public void Fire() => callback(state);

        /// <summary>Under the gate.</summary>
        public void Rearm(long now)
        {
            if (_period > TimeSpan.Zero)
            {
                Arm(now + _period.Ticks);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                time._timers.Remove(this);
                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    Arm(time._now + dueTime.Ticks);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                _period = Timeout.InfiniteTimeSpan;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(long due)
        {
            (Due, Number) = (due, ++time._lastNumber);
            time._timers.Add(this);
        }
    }
}
