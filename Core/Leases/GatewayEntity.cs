using System.Collections.Immutable;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Leases;

/// <summary>The entity behind <see cref="IGateway"/>.</summary>
public sealed class GatewayEntity : IGateway, IEntity
{
    /// <summary>How often an open lease is looked at.</summary>
    private static readonly TimeSpan LookAfter = TimeSpan.FromMinutes(1);

    /// <summary>An owner that names an incarnation after this long waits one lease for it, once.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(30);

    private readonly IEntityHost _host;
    private readonly LeaseOptions _options;
    private readonly Record<GatewayState> _record;
    private readonly GatewayEntry _entry;
    private readonly Lock _gate = new();
    private ImmutableList<AwaitedRecall> _waiting = [];

    // Monotonic: until when the lease that was last given counts. Nothing of it is ever stored.
    private long _leaseEnd;
    private long _heard;
    private int _answering;

    /// <param name="incarnation">Its name on the roster; null: it is on none.</param>
    public GatewayEntity(IEntityHost host, LeaseOptions options, string? incarnation = null)
    {
        (_host, _options, _heard) = (host, options, host.Time.GetTimestamp());
        _entry = new GatewayEntry(host, incarnation);
        _record = new Record<GatewayState>(host.Store<GatewayState>())
        {
            BeforeSave = (next, _) => next.Version == 1 ? host.WakeAtAsync(host.Time.GetUtcNow() + LookAfter) : Task.CompletedTask,
        };
        // A lease in a record counts as given at the moment the read returned: another activation may have given it just before.
        // Before anybody can decide on it: between a state that is there and a lease that is not yet counted somebody could find it over.
        _record.Arriving += _ => ExtendLease();
    }

    public bool IsForgettable => _record.IsQuiet && _waiting.IsEmpty && _record.Current?.State is null or { Over: true };

    public Task<LeaseAnswer> OpenAsync(CancellationToken cancellationToken = default) =>
        GiveAsync(state => state ?? GatewayState.New, []).WaitAsync(cancellationToken);

    public Task<LeaseAnswer> RenewAsync(IReadOnlyList<RecallAnswer> acknowledged, CancellationToken cancellationToken = default) =>
        GiveAsync(state => acknowledged.Aggregate(state, (next, answer) => next?.Acknowledged(answer)), acknowledged).WaitAsync(cancellationToken);

    public async Task<RecallAnswer?> RecallAsync(Recall recall, CancellationToken cancellationToken = default)
    {
        var waiting = new AwaitedRecall(recall);
        lock (_gate)
        {
            _waiting = _waiting.Add(waiting);
        }

        try
        {
            // Saved first, and also for an incarnation without a record: an opening that is under way then finds it.
            var over = await _record.ChangeAsync((state, _) => (state ?? GatewayState.New) switch
            {
                { Over: true } => Decision<GatewayState, bool>.KeepForEver(true),
                { } open => Decision<GatewayState, bool>.Save(open.Recalling(recall), false),
            }, cancellationToken);
            waiting.IsSaved = true;
            return over || await OverOrAsync(waiting, cancellationToken) ? null : await waiting.Done.Task;
        }
        finally
        {
            lock (_gate)
            {
                _waiting = _waiting.Remove(waiting);
            }
        }
    }

    public async Task<bool> IsOverAsync(CancellationToken cancellationToken = default)
    {
        await _record.ReadAsync(cancellationToken);
        return await TryEndAsync(cancellationToken);
    }

    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        await _record.ChangeAsync(
            (state, _) => state is { Over: false } ? Decision<GatewayState, bool>.Save(state.Ended(), true) : Decision<GatewayState, bool>.Keep(true),
            cancellationToken);

        // Saved as over, so it may be said to whoever waits for this gateway.
        _waiting.ForEach(waiting => waiting.Done.TrySetResult(null));
    }

    public async Task<bool> EvictAsync(CancellationToken cancellationToken = default)
    {
        var known = await _record.ChangeAsync(
            (state, _) => state switch
            {
                null => Decision<GatewayState, bool>.Keep(false),
                { Over: true } => Decision<GatewayState, bool>.KeepForEver(true),
                { Evicted: true } => Decision<GatewayState, bool>.Keep(true),
                _ => Decision<GatewayState, bool>.Save(state with { Evicted = true }, true),
            },
            cancellationToken);
        while (known && !await TryEndAsync(cancellationToken))
        {
            var left = LeaseLeft();
            await Task.Delay((left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), _host.Time, cancellationToken);
        }

        return known;
    }

    public async Task<GatewayView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        (await _record.ReadFreshAsync(cancellationToken)).State is { } state
            ? new GatewayView(
                state.Over, state.Evicted, state.Over ? TimeSpan.Zero : LeaseLeft(), _host.Time.GetElapsedTime(Volatile.Read(ref _heard)),
                state.Renewals, state.Recalls.Count)
            : null;

    /// <summary>
    /// Looks whether the lease is over, so that nobody who is to recall something later has to wait for that; forgets the incarnation when
    /// no owner can be expected to name it any more.
    /// </summary>
    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        if (await IsOverAsync(cancellationToken))
        {
            await _entry.LeaveAsync(cancellationToken);
        }
        else
        {
            await _host.WakeAtAsync(_host.Time.GetUtcNow() + LookAfter);
            return;
        }

        var now = _host.Time.GetUtcNow();
        var forgetAt = await _record.ChangeAsync(
            (state, _) => state switch
            {
                null => Decision<GatewayState, DateTimeOffset?>.Keep(null),
                { OverSince: null } => Decision<GatewayState, DateTimeOffset?>.Save(state with { OverSince = now }, now + ForgetAfter),
                { OverSince: { } since } when since + ForgetAfter > now => Decision<GatewayState, DateTimeOffset?>.Keep(since + ForgetAfter),
                _ => Decision<GatewayState, DateTimeOffset?>.Remove(null),
            },
            cancellationToken);
        await _host.WakeAtAsync(forgetAt);
    }

    /// <summary>It always runs to its end: a caller that gives up must not leave the count of what is being answered behind.</summary>
    private async Task<LeaseAnswer> GiveAsync(Func<GatewayState?, GatewayState?> change, IReadOnlyList<RecallAnswer> acknowledged)
    {
        var counted = false;
        try
        {
            var state = await _record.ChangeAsync(
                (state, version) =>
                {
                    if (change(state) is not { Over: false } next)
                    {
                        return Decision<GatewayState, GatewayState?>.Keep(null);
                    }

                    // One that is evicted keeps what it has until that runs out. What it acknowledges counts all the same.
                    if (next.Evicted)
                    {
                        return next == state ? Decision<GatewayState, GatewayState?>.Keep(next) : Decision<GatewayState, GatewayState?>.Save(next, next);
                    }

                    // From here until it is answered nobody may find the old lease over.
                    if (!counted)
                    {
                        counted = true;
                        Interlocked.Increment(ref _answering);
                    }

                    return Decision<GatewayState, GatewayState?>.Save(next.Renewed(), next);
                });
            if (state is null)
            {
                return LeaseAnswer.IsOver;
            }

            Volatile.Write(ref _heard, _host.Time.GetTimestamp());
            Settle(acknowledged);
            if ((await _record.ReadAsync()).State is not { Over: false } saved)
            {
                return LeaseAnswer.IsOver;
            }

            // Looked for in what is saved and not in what this renewal decided on: a recall behind it in the same save is not in that.
            _waiting.ForEach(waiting => waiting.LookFor(saved));

            if (!saved.Recalls.IsEmpty || saved.Evicted)
            {
                // Whoever evicted it may be gone: it hears by itself that it has nothing left.
                return saved.Evicted && await TryEndAsync(CancellationToken.None) ? LeaseAnswer.IsOver : new LeaseAnswer(false, null, saved.Recalls);
            }

            ExtendLease();
            _entry.Enter();
            return new LeaseAnswer(false, _options.Duration, []);
        }
        finally
        {
            if (counted)
            {
                Interlocked.Decrement(ref _answering);
            }
        }
    }

    /// <summary>Answers the owners whose recall was acknowledged.</summary>
    private void Settle(IReadOnlyList<RecallAnswer> acknowledged)
    {
        foreach (var waiting in _waiting)
        {
            if (acknowledged.FirstOrDefault(waiting.Recall.IsAnsweredBy) is { } answer)
            {
                waiting.Done.TrySetResult(answer);
            }
        }
    }

    /// <summary>True when the lease is over, and saved as over; false as soon as it is acknowledged.</summary>
    private async Task<bool> OverOrAsync(AwaitedRecall waiting, CancellationToken cancellationToken)
    {
        var acknowledged = waiting.Done.Task;
        while (!acknowledged.IsCompleted)
        {
            var left = LeaseLeft();
            if (left > TimeSpan.Zero)
            {
                // A timer counts whole milliseconds; what is left of one more would be waited for in a circle.
                await Task.WhenAny(acknowledged, Task.Delay(left + TimeSpan.FromMilliseconds(1), _host.Time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
            else if (await TryEndAsync(cancellationToken))
            {
                return true;
            }
            else if (_record.Current?.State is { } state)
            {
                // It was renewed at another activation, and may have acknowledged there.
                waiting.LookFor(state);
            }
        }

        return false;
    }

    /// <summary>Saves that the lease is over, if it is. It is saved before it is said.</summary>
    private Task<bool> TryEndAsync(CancellationToken cancellationToken) => _record.ChangeAsync(
        (state, _) => state switch
        {
            { Over: true } => Decision<GatewayState, bool>.KeepForEver(true),
            _ when LeaseLeft() > TimeSpan.Zero => Decision<GatewayState, bool>.Keep(false),
            null => Decision<GatewayState, bool>.Save(GatewayState.New.Ended(), true),
            _ => Decision<GatewayState, bool>.Save(state.Ended(), true),
        },
        cancellationToken);

    /// <summary>What is left of the lease by the owner's count; never nothing while a renewal is being answered.</summary>
    private TimeSpan LeaseLeft()
    {
        if (Volatile.Read(ref _answering) > 0)
        {
            return TimeSpan.FromMilliseconds(1);
        }

        var left = Volatile.Read(ref _leaseEnd) - _host.Time.GetTimestamp();
        return left <= 0 ? TimeSpan.Zero : _host.Time.GetElapsedTime(0, left);
    }

    private void ExtendLease()
    {
        var end = _host.Time.GetTimestamp() + (long)(_options.DurationWithDrift.TotalSeconds * _host.Time.TimestampFrequency);
        lock (_gate)
        {
            _leaseEnd = Math.Max(_leaseEnd, end);
        }
    }
}
