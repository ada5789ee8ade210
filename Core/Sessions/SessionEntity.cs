using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Leases;
using ControlPlane.Records;
using ControlPlane.Workers;

namespace ControlPlane.Sessions;

/// <summary>The entity behind <see cref="ISession"/>.</summary>
public sealed class SessionEntity : ISession, IEntity
{
    /// <summary>How long a call waits for its own effects before it answers how far they are.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(4);

    /// <summary>How soon another activation goes on with what this one left undone.</summary>
    private static readonly TimeSpan GoOnAfter = TimeSpan.FromSeconds(30);

    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly SessionOptions _options;
    private readonly LeaseOptions _leases;
    private readonly Record<SessionState> _record;
    private readonly Watch<SessionState> _watch;
    private readonly Alarm _alarm;
    private readonly Work<SessionEffect, Func<SessionState, long, SessionState>> _work;
    private readonly Recalls _recalls;
    private readonly SessionUsage _usage;
    private readonly SessionBudget _budget;
    private readonly Departed _departed;

    public SessionEntity(string id, IEntityHost host, SessionOptions options, LeaseOptions leases)
    {
        (_id, _host, _options, _leases) = (id, host, options, leases);
        _alarm = new Alarm(host);
        _record = new Record<SessionState>(host.Store<SessionState>()) { BeforeSave = (next, _) => _alarm.EnsureByAsync(NextDue(next.State)) };
        _watch = new Watch<SessionState>(_record);
        _usage = new SessionUsage(id, host, _record);
        _budget = new SessionBudget(id, host, leases, _record);
        _recalls = new Recalls(host, leases, (reader, version, over) => EditAsync(
            (state, _) => over ? state.ReaderOver(reader, host.Time.GetUtcNow()) : state with { Readers = state.Readers.Acknowledged(reader, version) }));
        var followUp = new SessionFollowUp(id, host, options, _record);
        _work = new Work<SessionEffect, Func<SessionState, long, SessionState>>(
            host.Time, followUp.RunAsync, (effect, outcome) => EditAsync((state, version) => SessionFollowUp.Settled(state, effect, outcome, version)),
            host.Random);
        _departed = new Departed(host, reader => _usage.IsGoneAsync(reader, CancellationToken.None));
        _ = new SessionMeter(_record, host.Time);
        _record.Saved += saved => _departed.Look(saved.State is { IsOpen: true } open ? open.Readers.Current : []);
        Action<Stored<SessionState>> goOn = GoOn;
        _record.Saved += goOn;
        _record.Loaded += goOn;
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null or { IsOpen: false, ToDo.IsEmpty: true, Readers.ToTell.IsEmpty: true };

    public async Task<SessionView> CreateAsync(Caller caller, NewSession session, CancellationToken cancellationToken = default)
    {
        caller.Must(Scopes.SessionsWrite);
        await _record.ChangeAsync(
            (state, version) => state is null
                ? Decision<SessionState, bool>.Save(SessionState.Starting(caller, session, _options, _host.Time.GetUtcNow(), version), true)
                : state.WorkspaceId == caller.WorkspaceId ? Decision<SessionState, bool>.Keep(true) : throw new ControlPlaneException(Refusals.Forbidden),
            cancellationToken);
        var state = await StandingAsync(
            now => now is not null && now.Status != SessionStatus.Starting && !now.ToDo.Exists(effect => effect.Step == SessionStep.List), cancellationToken);
        return state switch
        {
            { Refused: { } refused } => throw new ControlPlaneException(refused),
            { } known => known.View(_id),
            null => throw new ControlPlaneException(Refusals.Unknown),
        };
    }

    public async Task<SessionView> DescribeAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var stored = await _record.ReadAsync(cancellationToken);
        var known = stored.State is null ? await _record.ReadFreshAsync(cancellationToken) : stored;
        return _usage.Latest(Permitted(known.State, caller, Scopes.SessionsRead)).View(_id);
    }

    public async Task<SessionView> RenewAsync(Caller caller, TimeSpan extension, CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var (view, near) = await _record.ChangeAsync(
            (state, _) =>
            {
                if (Permitted(state, caller, Scopes.SessionsWrite) is not { Status: SessionStatus.Running } running)
                {
                    throw new ControlPlaneException(ErrorCode.SessionNotRunning, $"The session {_id} is not running, so it cannot be renewed.");
                }

                // Gateways ask anew by themselves when an end comes near; streams that run towards one that is nearer yet are told.
                var next = _usage.Latest(running).Renewed(extension, now);
                var told = running.EndAt - now < 2 * _leases.Duration && next.EndAt > running.EndAt ? running.Readers.Current : [];
                return Decision<SessionState, (SessionView, ImmutableList<string>)>.Save(next, (next.View(_id), told));
            },
            cancellationToken);
        near.ForEach(reader => _ = SayRenewedAsync(reader));
        var until = view.IdleAt < view.EndAt ? view.IdleAt : view.EndAt;
        await HappenedAsync(caller, new SessionEvent(_id, SessionEventKind.Renewed, now, caller.Name, ExpiresAt: until), cancellationToken);
        return view;
    }

    public async Task<RecallReport> StopAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var ended = await _record.ChangeAsync(
            (state, version) =>
            {
                var known = Permitted(state, caller, Scopes.SessionsWrite);
                var next = _usage.Latest(known).Ended(new SessionEnding(SessionEndCause.Stopped, caller.Name, caller.From), _host.Time.GetUtcNow(), version);
                return known.IsOpen ? Decision<SessionState, SessionState>.Save(next, next) : Decision<SessionState, SessionState>.KeepForEver(known);
            },
            cancellationToken);
        var report = await TellAsync(ended).WaitAsync(cancellationToken);
        var state = await StandingAsync(now => now?.ToDo.IsEmpty != false, cancellationToken);
        return state is { ToDo.IsEmpty: false }
            ? throw new ControlPlaneException(new Refusal(
                ErrorCode.CloneUnreachable,
                $"The session {_id} has ended and nothing reaches it, but its worker has not confirmed yet. That is repeated until it does; ask again to wait for it.",
                TimeSpan.FromSeconds(1)))
            : report;
    }

    public async Task<SessionAnswer> AuthorizeAsync(
        Caller caller, string cloneName, string reader, bool fresh, CancellationToken cancellationToken = default)
    {
        var stored = fresh ? await _record.ReadFreshAsync(cancellationToken) : await _record.ReadAsync(cancellationToken);
        stored = stored.State is null && !fresh ? await _record.ReadFreshAsync(cancellationToken) : stored;
        if (stored.State is not { Refused: null } state)
        {
            return SessionAnswer.Unknown;
        }

        // The workspace never changes, nor do a caller's scopes: whoever acts in another learns nothing else and wakes nothing.
        if (caller.WorkspaceId != state.WorkspaceId || !caller.Grant.Allows(Scopes.SessionsWrite, _id))
        {
            return new SessionAnswer(state.WorkspaceId, SessionStatus.Running, null, null);
        }

        if (state.IsOpen && await _usage.IsOverAsync(state, EndAsync, cancellationToken))
        {
            return new SessionAnswer(state.WorkspaceId, SessionStatus.Ended, null, null);
        }

        if (state.Status == SessionStatus.Starting)
        {
            state = await StandingAsync(now => now?.Status != SessionStatus.Starting, cancellationToken) ?? state;
        }

        Uri? worker = null;
        var seen = state.ServedFrom;
        if (state is { IsOpen: true, Placement: { } placement })
        {
            var sighting = await _host.Entities.Workers.LocateAsync(placement.WorkerId, cancellationToken);

            // A pool that has just begun has heard of nobody yet: until it has, a session is where it was.
            worker = sighting.IsKnown ? sighting.Data : state.ServedFrom;
            if (sighting.IsLost)
            {
                await WorkerLostAsync(placement.WorkerId, cancellationToken);
                state = (await _record.ReadAsync(cancellationToken)).State ?? state;
            }
        }

        if (SessionAdmission.Refuse(state, cloneName, worker) is { } no)
        {
            return no;
        }

        if (fresh && stored.State == state && state.Readers.Current.Contains(reader))
        {
            _usage.Used(_host.Time.GetUtcNow());
            return SessionAdmission.Admit(_id, state, stored.Version, worker!, _host.Time.GetUtcNow());
        }

        // The worker may have moved since it was located, and whoever had to be told of that was told: then it is located again.
        var answer = await _record.ChangeAsync(
            (next, version) => next is not null && next.ServedFrom != seen
                ? Decision<SessionState, SessionAnswer?>.Keep(null)
                : Grant(next, version, cloneName, reader, worker!),
            cancellationToken);
        return answer ?? await AuthorizeAsync(caller, cloneName, reader, fresh, cancellationToken);
    }

    public Task<BudgetShare?> TakeShareAsync(string reader, long spent, int unused = 0, CancellationToken cancellationToken = default) =>
        _budget.TakeAsync(reader, spent, unused, cancellationToken);

    public Task ReturnShareAsync(string reader, long number, int unused, CancellationToken cancellationToken = default) =>
        _budget.ReturnAsync(reader, number, unused, cancellationToken);

    public Task ReportUseAsync(SessionUse use, CancellationToken cancellationToken = default) => _usage.ReportAsync(use, cancellationToken);

    // Never answered from memory, for the pool does not ask again: another activation may have ended the session after it stopped its clones
    // and before they started. Saved though nobody holds a fact: one may be about to be given, with the old address. The pool does not wait until readers have been told: a fact with
    // the old address lets nobody in anywhere.
    public Task<bool> WorkerFoundAsync(string workerId, long epoch, Uri data, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, version) => state?.IsOn(workerId, epoch) != true ? Decision<SessionState, bool>.Keep(false)
            : state.Serving(data, version) is var next && next != state ? Decision<SessionState, bool>.Save(next, true)
            : Decision<SessionState, bool>.Keep(true),
        cancellationToken);

    public Task WorkerLostAsync(string workerId, CancellationToken cancellationToken = default) => EditAsync(
        (state, version) => state.IsOpen && state.Placement?.WorkerId == workerId
            ? _usage.Latest(state).Failed(SessionEndCause.WorkerLost, Refusals.WorkerLost, _host.Time.GetUtcNow(), version)
            : state).WaitAsync(cancellationToken);

    public Task<bool> RestoredAsync(IReadOnlyList<HeldPlacement> held, CancellationToken cancellationToken = default) => EditAsync(
        (state, version) => state.IsOpen && !(state.Placement is { } placement && held.Contains(new HeldPlacement(_id, placement.Epoch)))
            ? state.Failed(SessionEndCause.Restored, Refusals.Restored, _host.Time.GetUtcNow(), version)
            : state).WaitAsync(cancellationToken);

    public async Task<SessionExplanation?> ExplainAsync(CancellationToken cancellationToken = default)
    {
        if ((await _record.ReadFreshAsync(cancellationToken)).State is not { } stored)
        {
            return null;
        }

        var state = _usage.Latest(stored);
        var sighting = state.Placement is { } placement ? await _host.Entities.Workers.LocateAsync(placement.WorkerId, cancellationToken) : null;
        return new SessionExplanation(
            state.View(_id), state.Ending, state.Refused, state.Placement?.WorkerId, state.Placement?.Epoch, sighting, state.Readers.Current,
            [.. state.Readers.ToTell.Select(pair => pair.Reader).Distinct()], [.. state.ToDo.Select(effect => effect.Step)]);
    }

    public async Task<SessionView> SetCloneAsync(Caller caller, CloneOrder order, CancellationToken cancellationToken = default)
    {
        var state = Permitted((await _record.ReadFreshAsync(cancellationToken)).State, caller, Scopes.SessionsWrite);
        await new SessionClones(_id, _host).SetAsync(state, order, cancellationToken);
        var kind = order.IsReset ? SessionEventKind.Reset : SessionEventKind.Seeded;
        await HappenedAsync(
            caller, new SessionEvent(_id, kind, _host.Time.GetUtcNow(), caller.Name, order.CloneName, order.Seed), cancellationToken);
        return _usage.Latest(state).View(_id);
    }

    public async Task<byte[]> CloneStateAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        await new SessionClones(_id, _host).StateAsync(
            Permitted((await _record.ReadFreshAsync(cancellationToken)).State, caller, Scopes.SessionsWrite), cloneName, cancellationToken);

    public async Task SetFaultsAsync(Caller caller, string cloneName, byte[] faults, CancellationToken cancellationToken = default)
    {
        var state = Permitted((await _record.ReadFreshAsync(cancellationToken)).State, caller, Scopes.SessionsWrite);
        await new SessionClones(_id, _host).SetFaultsAsync(state, cloneName, faults, cancellationToken);
        await HappenedAsync(
            caller, new SessionEvent(_id, SessionEventKind.FaultsSet, _host.Time.GetUtcNow(), caller.Name, cloneName), cancellationToken);
    }

    public async Task<byte[]> FaultsAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        await new SessionClones(_id, _host).FaultsAsync(
            Permitted((await _record.ReadFreshAsync(cancellationToken)).State, caller, Scopes.SessionsRead), cloneName, cancellationToken);

    public async Task CheckCloneAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        new SessionClones(_id, _host).Check(
            Permitted((await _record.ReadFreshAsync(cancellationToken)).State, caller, Scopes.SessionsWrite), cloneName);

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        // What another activation has left undone is in the store alone, and its alarm must not be moved behind it.
        var stored = await _record.ReadFreshAsync(cancellationToken);
        if (stored.State is { } state)
        {
            GoOn(stored);
            if (state.IsOpen)
            {
                await _usage.IsOverAsync(state, EndAsync, cancellationToken);
            }
            else if (state.ToDo.IsEmpty && state.Readers.ToTell.IsEmpty && state.EndedAt + Keep(state) <= _host.Time.GetUtcNow())
            {
                await ForgetAsync(state, stored.Version, cancellationToken);
            }
        }

        // By the use that is known, not by the use that is saved: a session in use is not to be looked at every second.
        var now = (await _record.ReadAsync(cancellationToken)).State;
        await _alarm.ResetAsync(NextDue(now is null ? null : _usage.Latest(now)));
    }

    private Decision<SessionState, SessionAnswer?> Grant(SessionState? state, long version, string cloneName, string reader, Uri worker)
    {
        if (state is null)
        {
            return Decision<SessionState, SessionAnswer?>.Keep(SessionAnswer.Unknown);
        }

        if (SessionAdmission.Refuse(state, cloneName, worker) is { } no)
        {
            return Decision<SessionState, SessionAnswer?>.Keep(no);
        }

        var now = _host.Time.GetUtcNow();
        var next = _usage.Latest(state).UsedAt(now).Serving(worker, version);
        next = next with { Readers = next.Readers.Granted(reader) };
        return Decision<SessionState, SessionAnswer?>.Save(next, SessionAdmission.Admit(_id, next, version, worker, now));
    }

    private SessionState Permitted(SessionState? state, Caller caller, Scopes needed)
    {
        if (state is not { Refused: null })
        {
            throw new ControlPlaneException(Refusals.Unknown);
        }

        if (state.WorkspaceId != caller.WorkspaceId)
        {
            throw new ControlPlaneException(Refusals.Forbidden);
        }

        caller.Must(needed, _id);
        return state;
    }

    // Before the call is answered: what was acknowledged is among the events, and a call that was not is made again.
    private Task HappenedAsync(Caller caller, SessionEvent happened, CancellationToken cancellationToken) =>
        _host.Entities.Events(caller.WorkspaceId).RecordAsync([happened], cancellationToken);

    /// <summary>The state once it is as wished, or as it is when the call's time is over.</summary>
    private async Task<SessionState?> StandingAsync(Func<SessionState?, bool> wished, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CallLimit, _host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await _watch.UntilAsync(wished, both.Token)).State;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (await _record.ReadAsync(cancellationToken)).State;
        }
    }

    private Task EndAsync(SessionEndCause cause, Func<SessionState, bool> stillDue) => EditAsync(
        (state, version) => state.IsOpen && stillDue(_usage.Latest(state))
            ? _usage.Latest(state).Ended(new SessionEnding(cause), _host.Time.GetUtcNow(), version)
            : state);

    private Task<bool> EditAsync(Func<SessionState, long, SessionState> edit) => _record.ChangeAsync(
        (state, version) => state is not null && edit(state, version) is var next && next != state
            ? Decision<SessionState, bool>.Save(next, true)
            : Decision<SessionState, bool>.Keep(false));

    private async Task ForgetAsync(SessionState state, long version, CancellationToken cancellationToken)
    {
        // A reservation that was on its way for so long that it arrived after the release is given back here at the latest.
        await _host.Entities.Workspace(state.WorkspaceId).ReleaseAsync(_id, cancellationToken);
        await _host.Entities.Sessions(state.WorkspaceId).RecordAsync(
            SessionListing.Of(_id, state, version + 1) with { Forgotten = true }, cancellationToken);
        await _record.ChangeAsync(
            (next, _) => next is { IsOpen: false } ? Decision<SessionState, bool>.Remove(true) : Decision<SessionState, bool>.Keep(false), cancellationToken);
    }

    /// <summary>A gateway that does not hear of it asks when the old end is reached.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Nothing rests on its being heard.")]
    private async Task SayRenewedAsync(string reader)
    {
        try
        {
            await _host.RecallAsync(reader, new Recall(RecallKind.Renewed, Subject.Session(_id), 0), CancellationToken.None);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    /// <summary>Starts what must follow and is not under way yet.</summary>
    private void GoOn(Stored<SessionState> stored)
    {
        if (stored.State is { } state)
        {
            _work.Start(state.ToDo);
            if (!state.Readers.ToTell.IsEmpty)
            {
                _ = TellAsync(state);
            }
        }
    }

    private Task<RecallReport> TellAsync(SessionState known)
    {
        var readers = _record.Current?.State?.Readers ?? known.Readers;
        return known.IsOpen
            ? _recalls.TellAsync(readers, Subject.Session(_id), known.Readers.ToTell.Max(pair => pair.Version), Refusals.WorkerMoved)
            : _recalls.TellAsync(
                readers, Subject.Session(_id), known.EndedAs,
                known.Status == SessionStatus.Failed ? Refusals.Failed(known.LastError) : Refusals.Ended);
    }

    /// <summary>What was never let in is only kept for a repeated call.</summary>
    private TimeSpan Keep(SessionState ended) => ended.Refused is null ? _options.KeepEnded : TimeSpan.FromMinutes(1);

    private DateTimeOffset? NextDue(SessionState? state) => state switch
    {
        null => null,
        { ToDo.IsEmpty: false } or { Readers.ToTell.IsEmpty: false } => _host.Time.GetUtcNow() + GoOnAfter,
        { IsOpen: true } => state.IdleAt < state.EndAt ? state.IdleAt : state.EndAt,
        _ => state.EndedAt + Keep(state),
    };
}
