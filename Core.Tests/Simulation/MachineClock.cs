namespace ControlPlane.Simulation;

/// <summary>The clocks and timers of one machine. Both clocks run a little fast or slow; the monotonic one can stand still, the wall can jump.</summary>
internal sealed class MachineClock(Scheduler scheduler, Machine machine, int partsPerMillion) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Timer, (long Due, long Number)> _timers = new();
    private readonly long _began = TimeSpan.FromDays(3).Ticks + (partsPerMillion * 1000L);
    private long _moved;
    private long _stood;
    private long? _stoppedAt;
    private long _numbers;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long the monotonic clock has stood still, in all.</summary>
    public long Stood => _stood + (_stoppedAt is { } at ? scheduler.Now - at : 0);

    /// <summary>Called once, at the next reading of the wall clock.</summary>
    public Action? OnWall { get; set; }

    /// <summary>True time of the next timer.</summary>
    public long NextDue
    {
        get
        {
            while (_timers.TryPeek(out var timer, out var due))
            {
                if (timer.Number == due.Number)
                {
                    return ToTrue(due.Due);
                }

                _timers.Dequeue();
            }

            return long.MaxValue;
        }
    }

    public override long GetTimestamp() => _began + Drifted(scheduler.Now - Stood);

    public override DateTimeOffset GetUtcNow()
    {
        var now = new DateTimeOffset(Start.UtcTicks + Drifted(scheduler.Now) + _moved, TimeSpan.Zero);
        if (OnWall is { } once)
        {
            OnWall = null;
            once();
        }

        return now;
    }

    public void MoveWall(long ticks) => _moved += ticks;

    public void Stop() => _stoppedAt ??= scheduler.Now;

    public void GoOn()
    {
        _stood = Stood;
        _stoppedAt = null;
    }

    public void Forget() => _timers.Clear();

    public void FireNext()
    {
        var timer = _timers.Dequeue();
        timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private long Drifted(long span) => span + (span / 1_000_000 * partsPerMillion) + (span % 1_000_000 * partsPerMillion / 1_000_000);

    /// <summary>The first true time at which the monotonic clock has reached a reading.</summary>
    private long ToTrue(long reading)
    {
        var left = reading - GetTimestamp();
        return left <= 0 ? scheduler.Now : scheduler.Now + Math.Max(1, left - (left * partsPerMillion / 1_000_000) + (left / 20_000));
    }

    private sealed class Timer(MachineClock clock, TimerCallback callback, object? state) : ITimer
    {
        /// <summary>Of the entry in the queue that counts; 0: none does.</summary>
        public long Number { get; private set; }

        public void Fire()
        {
            Number = 0;
            clock.Run(callback, state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Number = 0;
            if (dueTime >= TimeSpan.Zero)
            {
                Number = ++clock._numbers;
                clock._timers.Enqueue(this, (clock.GetTimestamp() + dueTime.Ticks, Number));
            }

            return true;
        }

        public void Dispose() => Number = 0;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private void Run(TimerCallback callback, object? state) => machine.Run(_ => callback(state), null);
}
