using System.Collections.Immutable;
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
    /// <summary>Of what follows a change: somebody mostly waits for it, and less long than the pauses of an outage would grow.</summary>
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    /// <summary>A stop waits so long for its worker, after everybody has been told: whoever stops something has a lease's time.</summary>
    private static readonly TimeSpan WorkerConfirms = TimeSpan.FromSeconds(4);

    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly SessionOptions _options;
    private readonly LeaseOptions _leases;
    private readonly Record<SessionState> _record;
    private readonly SessionWatch _watch;
    private readonly Alarm _alarm;
    private readonly Work<SessionEffect, Func<SessionState, long, SessionState>> _work;
    private readonly SessionRecalls _recalls;
    private readonly SessionUsage _usage;
    private readonly SessionBudget _budget;
    private readonly SessionAuthorization _authorization;
    private readonly Departed _departed;

    public SessionEntity(string id, IEntityHost host, SessionOptions options, LeaseOptions leases)
    {
        (_id, _host, _options, _leases) = (id, host, options, leases);
        _alarm = new Alarm(host);
        _record = new Record<SessionState>(host.Store<SessionState>()) { BeforeSave = (next, _) => _alarm.EnsureByAsync(NextDue(next.State)) };
        _watch = new SessionWatch(host, _record);
        _usage = new SessionUsage(id, host, _record);
        _budget = new SessionBudget(id, host, leases, _record);
        _authorization = new SessionAuthorization(id, host, _record, _watch, _usage, WorkerLostAsync);
        _recalls = new SessionRecalls(id, host, leases, _record);
        var followUp = new SessionFollowUp(id, host, options, _record);
        _work = new Work<SessionEffect, Func<SessionState, long, SessionState>>(
            host.Time, followUp.RunAsync, (effect, outcome) => _record.EditAsync((state, version) => SessionFollowUp.Settled(state, effect, outcome, version)),
            host.Random, LastRetry);
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
        var came = _watch.Now;
        caller.Must(Scopes.SessionsWrite);
        await _record.ChangeAsync(
            (state, version) => state is null
                ? Decision<SessionState, bool>.Save(SessionState.Starting(caller, session, _options, _host.Time.GetUtcNow(), version), true)
                : state.WorkspaceId == caller.WorkspaceId ? Decision<SessionState, bool>.Keep(true) : throw new ControlPlaneException(Refusals.Forbidden),
            cancellationToken);
        var state = await _watch.UntilAsync(
            now => now is not null && now.Status != SessionStatus.Starting && !now.ToDo.Exists(effect => effect.Step == SessionStep.List), _watch.Left(came),
            cancellationToken);
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
        return _usage.Latest(SessionAdmission.Permitted(_id, known.State, caller, Scopes.SessionsRead)).View(_id);
    }

    public async Task<SessionView> RenewAsync(Caller caller, TimeSpan extension, CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var (view, near) = await _record.ChangeAsync(
            (state, _) =>
            {
                if (SessionAdmission.Permitted(_id, state, caller, Scopes.SessionsWrite) is not { Status: SessionStatus.Running } running)
                {
                    throw new ControlPlaneException(ErrorCode.SessionNotRunning, $"The session {_id} is not running, so it cannot be renewed.");
                }

                // Gateways ask anew by themselves when an end comes near; streams that run towards one that is nearer yet are told.
                var next = _usage.Latest(running).Renewed(extension, now);
                var told = running.EndAt - now < 2 * _leases.Duration && next.EndAt > running.EndAt ? running.Readers.Current : [];
                return Decision<SessionState, (SessionView, ImmutableList<string>)>.Save(next, (next.View(_id), told));
            },
            cancellationToken);
        near.ForEach(_recalls.SayRenewed);
        var until = view.IdleAt < view.EndAt ? view.IdleAt : view.EndAt;

        // Before the call is answered: what was acknowledged is among the events, and a call that was not is made again.
        await _host.Entities.Events(caller.WorkspaceId).RecordAsync(
            [new SessionEvent(_id, SessionEventKind.Renewed, now, caller.Name, ExpiresAt: until)], cancellationToken);
        return view;
    }

    public async Task<RecallReport> StopAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var ended = await _record.ChangeAsync(
            (state, version) =>
            {
                var known = SessionAdmission.Permitted(_id, state, caller, Scopes.SessionsWrite);
                var next = _usage.Latest(known).Ended(new SessionEnding(SessionEndCause.Stopped, caller.Name, caller.From), _host.Time.GetUtcNow(), version);
                return known.IsOpen ? Decision<SessionState, SessionState>.Save(next, next) : Decision<SessionState, SessionState>.KeepForEver(known);
            },
            cancellationToken);
        var report = await _recalls.TellAsync(ended).WaitAsync(cancellationToken);
        var state = await _watch.UntilAsync(now => now?.ToDo.IsEmpty != false, WorkerConfirms, cancellationToken);
        return state is { ToDo.IsEmpty: false }
            ? throw new ControlPlaneException(new Refusal(
                ErrorCode.CloneUnreachable,
                $"The session {_id} has ended and nothing reaches it, but its worker has not confirmed yet. That is repeated until it does; ask again to wait for it.",
                TimeSpan.FromSeconds(1)))
            : report;
    }

    public Task<SessionAnswer> AuthorizeAsync(
        Caller caller, string cloneName, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        _authorization.AnswerAsync(caller, cloneName, reader, fresh, cancellationToken);

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

    public Task WorkerLostAsync(string workerId, CancellationToken cancellationToken = default) => _record.EditAsync(
        (state, version) => state.IsOpen && state.Placement?.WorkerId == workerId
            ? _usage.Latest(state).Failed(SessionEndCause.WorkerLost, Refusals.WorkerLost, _host.Time.GetUtcNow(), version)
            : state).WaitAsync(cancellationToken);

    public Task<bool> RestoredAsync(IReadOnlyList<HeldPlacement> held, CancellationToken cancellationToken = default) => _record.EditAsync(
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

    public async Task<SessionView> SetCloneAsync(Caller caller, CloneOrder order, CancellationToken cancellationToken = default) =>
        _usage.Latest(await Clones.SetAsync(caller, order, cancellationToken)).View(_id);

    public Task<byte[]> CloneStateAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        Clones.StateAsync(caller, cloneName, cancellationToken);

    public Task SetFaultsAsync(Caller caller, string cloneName, byte[] faults, CancellationToken cancellationToken = default) =>
        Clones.SetFaultsAsync(caller, cloneName, faults, cancellationToken);

    public Task<byte[]> FaultsAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        Clones.FaultsAsync(caller, cloneName, cancellationToken);

    public Task CheckCloneAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        Clones.CheckAsync(caller, cloneName, cancellationToken);

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        // What another activation has left undone is in the store alone, and its alarm must not be moved behind it.
        var stored = await _record.ReadFreshAsync(cancellationToken);
        if (stored.State is { } state)
        {
            GoOn(stored);
            if (state.IsOpen)
            {
                await _usage.IsOverAsync(state, cancellationToken);
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

    private SessionClones Clones => new(_id, _host, _record);

    private async Task ForgetAsync(SessionState state, long version, CancellationToken cancellationToken)
    {
        // A reservation that was on its way for so long that it arrived after the release is given back here at the latest.
        await _host.Entities.Workspace(state.WorkspaceId).ReleaseAsync(_id, cancellationToken);
        await _host.Entities.Sessions(state.WorkspaceId).RecordAsync(
            SessionListing.Of(_id, state, version + 1) with { Forgotten = true }, cancellationToken);
        await _record.ChangeAsync(
            (next, _) => next is { IsOpen: false } ? Decision<SessionState, bool>.Remove(true) : Decision<SessionState, bool>.Keep(false), cancellationToken);
    }

    /// <summary>Starts what must follow and is not under way yet.</summary>
    private void GoOn(Stored<SessionState> stored)
    {
        if (stored.State is { } state)
        {
            _work.Start(state.ToDo);
            _recalls.GoOn(state);
        }
    }

    /// <summary>What was never let in is only kept for a repeated call.</summary>
    private TimeSpan Keep(SessionState ended) => ended.Refused is null ? _options.KeepEnded : TimeSpan.FromMinutes(1);

    private DateTimeOffset? NextDue(SessionState? state) => state switch
    {
        null => null,
        { ToDo.IsEmpty: false } or { Readers.ToTell.IsEmpty: false } => _host.Time.GetUtcNow() + Alarm.GoOnAfter,
        { IsOpen: true } => state.IdleAt < state.EndAt ? state.IdleAt : state.EndAt,
        _ => state.EndedAt + Keep(state),
    };
}
