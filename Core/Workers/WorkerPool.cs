using System.Collections.Immutable;
using System.Diagnostics;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.Workers;

/// <summary>
/// The entity behind <see cref="IWorkerPool"/>. Its record holds what an operator wants and nothing else: what it knows, registrations tell it
/// again. Its host lets it run while it is active; only then does it notice that a worker is lost.
/// </summary>
public sealed class WorkerPool(IEntities entities, TimeProvider time, WorkerPoolOptions options, IStore<WorkerPoolState> store) : IWorkerPool
{
    /// <summary>Within this time after its start every worker that is there has registered: they beat more often.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller waits for workers that have not said yet that they are there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Within this time after it was placed a session is named by its worker, or is not there.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Record<WorkerPoolState> _record = new(store);
    private readonly WorkerNews _news = new(entities);
    private readonly HashSet<string> _checking = [];
    private readonly long _began = time.GetTimestamp();
    private ImmutableDictionary<string, WorkerSeat> _workers = ImmutableDictionary<string, WorkerSeat>.Empty;

    // Done, and another one, whenever a worker was heard.
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Since when a worker that never registered would have been heard of.
    private long _listening = time.GetTimestamp();

    public Task RegisterAsync(WorkerBeat beat, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            Take(_workers.TryGetValue(beat.WorkerId, out var seat) ? Heard(seat, beat, now) : WorkerSeat.Of(beat, now));
        }

        _ = CheckAsync(beat.WorkerId);
        return Task.CompletedTask;
    }

    public Task<bool> BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            // One that is lost registers again, as one that is new.
            if (!_workers.TryGetValue(beat.WorkerId, out var seat) || seat.IsLost)
            {
                return Task.FromResult(false);
            }

            Take(Heard(seat, beat, time.GetTimestamp()));
        }

        _ = CheckAsync(beat.WorkerId);
        return Task.FromResult(true);
    }

    public async Task<string?> PlaceAsync(IReadOnlyList<string> clones, string? notOn = null, CancellationToken cancellationToken = default)
    {
        await GatheredAsync(seat => seat.Offers(clones), cancellationToken);
        var drained = await DrainedAsync(cancellationToken);
        lock (_gate)
        {
            // Among equals by name, so that the same history has the same outcome.
            var best = _workers.Values
                .Where(seat => !IsSilent(seat) && seat.Free > 0 && seat.Beat.WorkerId != notOn && !drained.Contains(seat.Beat.WorkerId) && seat.Offers(clones))
                .OrderByDescending(seat => seat.Free).ThenBy(seat => seat.Beat.WorkerId, StringComparer.Ordinal).FirstOrDefault();
            if (best is not null)
            {
                // Counted here until the next heartbeat counts it itself.
                Take(best with { Placed = best.Placed + 1 });
            }

            return best?.Beat.WorkerId;
        }
    }

    public Task PlacedAsync(string workerId, string sessionId, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_workers.TryGetValue(workerId, out var seat))
            {
                Take(seat.Naming(sessionId, time.GetTimestamp()));
            }
        }

        return Task.CompletedTask;
    }

    public Task<WorkerSighting> LocateAsync(string workerId, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(_workers.GetValueOrDefault(workerId) switch
            {
                { IsLost: true } => WorkerSighting.Lost,
                { } seat when IsSilent(seat) => WorkerSighting.Silent,
                { } seat => new WorkerSighting(seat.Beat.Address.Data, IsLost: false),
                null => time.GetElapsedTime(_listening) < options.ReturnWithin ? WorkerSighting.Unknown : WorkerSighting.Lost,
            });
        }
    }

    public Task<WorkerAddress?> ReachAsync(string workerId, CancellationToken cancellationToken = default) =>
        Task.FromResult(_workers.GetValueOrDefault(workerId)?.Beat.Address);

    public async Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default)
    {
        await GatheredAsync(static seat => !seat.IsLost, cancellationToken);
        return
        [
            .. _workers.Values.Where(seat => !seat.IsLost).SelectMany(seat => seat.Beat.Offers)
                .DistinctBy(offer => offer.Id).OrderBy(offer => offer.Id, StringComparer.Ordinal),
        ];
    }

    public async Task<WorkerView?> DrainAsync(string workerId, bool drained, CancellationToken cancellationToken = default)
    {
        var known = _workers.ContainsKey(workerId);
        var there = await _record.ChangeAsync(
            (state, _) => (state ?? WorkerPoolState.None) switch
            {
                var now when now.Drained.Contains(workerId) == drained => Decision<WorkerPoolState, bool>.Keep(known || drained),
                _ when !known && drained => Decision<WorkerPoolState, bool>.Keep(false),
                var now => Decision<WorkerPoolState, bool>.Save(now.With(workerId, drained), true),
            },
            cancellationToken);
        return !there ? null : View(workerId, drained);
    }

    public async Task<IReadOnlyList<WorkerView>> ListAsync(CancellationToken cancellationToken = default)
    {
        var drained = await DrainedAsync(cancellationToken);
        return [.. _workers.Keys.Union(drained).Order(StringComparer.Ordinal).Select(id => View(id, drained.Contains(id)))];
    }

    /// <summary>Looks for workers that have been silent for too long, until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Whoever made it run is answered long before it ends: nothing that it does belongs to that trace.
        Activity.Current = null;
        PoolMeter.Watch(this);
        try
        {
            await LookAsync(stopping);
        }
        finally
        {
            // Another silo's pool counts the same workers from now on.
            PoolMeter.Unwatch(this);
        }
    }

    /// <summary>How each worker is, in a word.</summary>
    internal IEnumerable<string> States()
    {
        var drained = _record.Current?.State?.Drained ?? WorkerPoolState.None.Drained;
        return _workers.Values.Select(seat =>
            seat.IsLost ? "lost" : IsSilent(seat) ? "silent" : seat.Beat.Draining || drained.Contains(seat.Beat.WorkerId) ? "draining" : seat.Free > 0 ? "ready" : "full");
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        Listen();
        for (var looked = time.GetTimestamp(); ; looked = time.GetTimestamp())
        {
            await Task.Delay(LookEvery, time, stopping);
            if (time.GetElapsedTime(looked) > 2 * LookEvery)
            {
                // It was this process that was frozen: nobody could have been heard of, and nobody is lost for that.
                Listen();
            }

            if (_record.Current is null)
            {
                // Whoever counts does not wait, so what the operator wants has to be known before anybody asks for a place.
                _ = TryReadAsync(stopping);
            }

            foreach (var seat in TakeLost())
            {
                _ = TellLostAsync(seat, stopping);
            }
        }
    }

    private async Task TryReadAsync(CancellationToken stopping)
    {
        try
        {
            await _record.ReadAsync(stopping);
        }
        catch (Exception problem) when (problem is ControlPlaneException or OperationCanceledException)
        {
            // It is read again at the next look.
        }
    }

    /// <summary>Silence counts from now.</summary>
    private void Listen()
    {
        lock (_gate)
        {
            _listening = time.GetTimestamp();
            _workers = _workers.ToImmutableDictionary(row => row.Key, row => row.Value with { Heard = _listening });
        }
    }

    private WorkerSeat Heard(WorkerSeat seat, WorkerBeat beat, long now) =>
        seat.HeardAgain(beat, now, IsSilent(seat), now - (long)(Starting.TotalSeconds * time.TimestampFrequency));

    private List<WorkerSeat> TakeLost()
    {
        lock (_gate)
        {
            var lost = _workers.Values.Where(seat => !seat.IsLost && time.GetElapsedTime(seat.Heard) >= options.ReturnWithin).ToList();
            lost.ForEach(seat => Take(seat with { IsLost = true }));
            return lost;
        }
    }

    /// <summary>Until each session has been told, or the worker is back after all: then it says what it holds, and they are asked.</summary>
    private async Task TellLostAsync(WorkerSeat seat, CancellationToken stopping)
    {
        var left = seat.Sessions;
        while (left.Count > 0 && _workers.GetValueOrDefault(seat.Beat.WorkerId) is { IsLost: true })
        {
            left = await _news.LostAsync(seat.Beat.WorkerId, left);
            if (left.Count > 0)
            {
                await Task.Delay(LookEvery, time, stopping);
            }
        }
    }

    /// <summary>Asks after what a worker holds and nobody has confirmed; once at a time for each worker.</summary>
    private async Task CheckAsync(string workerId)
    {
        WorkerSeat seat;
        lock (_gate)
        {
            seat = _workers[workerId];
            if (seat.Unconfirmed.Count == 0 || !_checking.Add(workerId))
            {
                return;
            }
        }

        var confirmed = await _news.FoundAsync(seat.Beat, seat.Unconfirmed);
        lock (_gate)
        {
            _checking.Remove(workerId);

            // Whoever was told another address than the worker has by now is told again.
            if (_workers[workerId] is var now && now.Beat.Address.Data == seat.Beat.Address.Data && !now.IsLost)
            {
                Take(now with { Confirmed = now.Confirmed.Union(confirmed) });
            }
        }
    }

    private async Task<IReadOnlySet<string>> DrainedAsync(CancellationToken cancellationToken) =>
        (await _record.ReadAsync(cancellationToken)).State?.Drained ?? WorkerPoolState.None.Drained;

    private WorkerView View(string workerId, bool drained)
    {
        if (_workers.GetValueOrDefault(workerId) is not { } seat)
        {
            return WorkerView.Away(workerId) with { Drained = drained };
        }

        var (beat, silent) = (seat.Beat, IsSilent(seat));
        return new WorkerView(
            workerId, beat.Address.Data, beat.Capacity, beat.Placements.Count, silent || drained ? 0 : Math.Max(0, seat.Free), beat.Draining, drained,
            time.GetElapsedTime(seat.Heard), silent, seat.IsLost);
    }

    private void Take(WorkerSeat seat)
    {
        _workers = _workers.SetItem(seat.Beat.WorkerId, seat);
        Interlocked.Exchange(ref _heard, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private bool IsSilent(WorkerSeat seat) => seat.IsLost || time.GetElapsedTime(seat.Heard) >= options.SilentAfter;

    /// <summary>
    /// "There is none" would be wrong from a pool that has just begun: every worker registers within a few seconds. Waits for one that fits, or until
    /// all would have registered.
    /// </summary>
    /// <exception cref="ControlPlaneException">503: it would take longer than a caller waits.</exception>
    private async Task GatheredAsync(Func<WorkerSeat, bool> fits, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            var heard = Volatile.Read(ref _heard).Task;
            var left = Gathering - time.GetElapsedTime(_began);
            if (left <= TimeSpan.Zero || _workers.Values.Any(fits))
            {
                return;
            }

            var patience = Patience - time.GetElapsedTime(asked);
            if (patience <= TimeSpan.Zero)
            {
                throw new ControlPlaneException(new Refusal(
                    ErrorCode.ControlPlaneUnavailable, "The workers have not all said yet that they are there. Try again.", TimeSpan.FromSeconds(2)));
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(heard, Task.Delay(left < patience ? left : patience, time, over.Token));
            await over.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
