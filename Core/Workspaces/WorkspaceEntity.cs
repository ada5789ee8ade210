using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Operations;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>The entity behind <see cref="IWorkspace"/>.</summary>
public sealed class WorkspaceEntity : IWorkspace, IEntity
{
    /// <summary>How soon another activation goes on with what this one left undone.</summary>
    private static readonly TimeSpan GoOnAfter = TimeSpan.FromSeconds(30);

    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly WorkspaceOptions _options;
    private readonly Record<WorkspaceState> _record;
    private readonly Work<KeyToMake, bool> _work;
    private readonly Alarm _alarm;
    private readonly Departed _departed;
    private readonly MemberRecalls _members;

    public WorkspaceEntity(string id, IEntityHost host, WorkspaceOptions options, LeaseOptions leases)
    {
        (_id, _host, _options, _alarm) = (id, host, options, new Alarm(host));
        _record = new Record<WorkspaceState>(host.Store<WorkspaceState>()) { BeforeSave = SetAlarmAsync };
        _departed = new Departed(host, reader => _record.ChangeAsync(
            (state, _) => state is not null && state.Readers.Over(reader) is var left
                ? Decision<WorkspaceState, bool>.Save(state with { Readers = left }, true)
                : Decision<WorkspaceState, bool>.Keep(true)));
        _record.Saved += saved => _departed.Look(saved.State?.Readers.Current ?? []);
        _members = new MemberRecalls(id, host, leases, _record);
        _work = new Work<KeyToMake, bool>(host.Time, MakeKeyAsync, (made, _) => RemoveAsync(made), host.Random);
        _record.Loaded += GoOn;
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null;

    public Task CreateAsync(NewWorkspace workspace, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is null
            ? Decision<WorkspaceState, bool>.Save(WorkspaceState.From(workspace), true)
            : Decision<WorkspaceState, bool>.Keep(true),
        cancellationToken);

    public async Task<WorkspaceView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        (await _record.ReadFreshAsync(cancellationToken)).State is { } state
            ? new WorkspaceView(_id, state.Name, state.CreatedAt, state.Members, state.Live.Count, state.Taken)
            : null;

    public async Task<MembershipFact?> AuthorizeAsync(string userId, string reader, bool fresh, CancellationToken cancellationToken = default)
    {
        if (fresh)
        {
            var stored = await _record.ReadFreshAsync(cancellationToken);
            if (stored.State is { } read && read.Readers.Current.Contains(reader) && read.Members.TryGetValue(userId, out var held))
            {
                return new MembershipFact(_id, userId, held, stored.Version);
            }
        }

        return await _record.ChangeAsync(
            (state, version) => state is not null && state.Members.TryGetValue(userId, out var role)
                ? Decision<WorkspaceState, MembershipFact?>.Save(
                    state with { Readers = state.Readers.Granted(reader) }, new MembershipFact(_id, userId, role, version))
                : Decision<WorkspaceState, MembershipFact?>.Keep(null),
            cancellationToken);
    }

    public async Task<RecallReport?> SetMemberAsync(
        Caller caller, string userId, Role role, long? addAfter, CancellationToken cancellationToken = default)
    {
        var change = await _record.ChangeAsync(
            (state, version) => MemberRules.Set(state, version, caller, userId, role, addAfter, _options), cancellationToken);
        return change is null ? null : await _members.TellAsync(change, userId).WaitAsync(cancellationToken);
    }

    public async Task<RecallReport?> RemoveMemberAsync(Caller caller, string userId, CancellationToken cancellationToken = default)
    {
        var change = await _record.ChangeAsync((state, version) => MemberRules.Remove(state, version, caller, userId), cancellationToken);
        return change is null ? null : await _members.TellAsync(change, userId).WaitAsync(cancellationToken);
    }

    public async Task CreateKeyAsync(Caller caller, string keyId, NewCredential key, CancellationToken cancellationToken = default)
    {
        caller.MustAdminister();
        caller.MustCover(key.Grant);
        await MakeRoomAsync(keyId, cancellationToken);
        await _record.ChangeAsync(
            (state, _) => state switch
            {
                null => throw new ControlPlaneException(ErrorCode.NotFound, $"There is no workspace {_id}."),
                _ when state.Keys.Contains(keyId) => Decision<WorkspaceState, bool>.Keep(true),
                _ when state.Keys.Count >= _options.MaxKeys => throw new ControlPlaneException(
                    ErrorCode.QuotaExceeded, $"The workspace has {_options.MaxKeys} good keys, as many as it may. Revoke one first."),
                _ => Decision<WorkspaceState, bool>.Save(
                    state with { Keys = state.Keys.Add(keyId), ToMake = state.ToMake.Add(new KeyToMake(keyId, key)) }, true),
            },
            cancellationToken);

        // The effect of this change, which the answer waits for. A crash in between leaves it in the record, for the next activation.
        var making = new KeyToMake(keyId, key);
        await MakeKeyAsync(making, cancellationToken);
        await RemoveAsync(making);
    }

    public async Task<IReadOnlyList<CredentialView>> KeysAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.MustAdminister();
        var keys = (await _record.ReadFreshAsync(cancellationToken)).State?.Keys ?? [];
        var views = await Task.WhenAll(keys.Select(id => _host.Entities.Credential(id).DescribeAsync(_id, cancellationToken)));
        return [.. views.OfType<CredentialView>().OrderByDescending(view => view.CreatedAt)];
    }

    public async Task<Refusal?> ReserveAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        // Before the first session has a place: whoever counts sessions by the roster misses none.
        if ((await _record.ReadAsync(cancellationToken)).State is { Listed: false })
        {
            await _host.Entities.Roster(IRoster.Workspaces).EnterAsync(_id, cancellationToken);
        }

        return await _record.ChangeAsync(
            (state, _) => Reservations.Decide(state, _id, sessionId, _options, _host.Time.GetUtcNow()), cancellationToken);
    }

    public Task ReleaseAsync(string sessionId, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is not null && state.Live.Contains(sessionId)
            ? Decision<WorkspaceState, bool>.Save(state with { Live = state.Live.Remove(sessionId) }, true)
            : Decision<WorkspaceState, bool>.Keep(true),
        cancellationToken);

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        // What another activation has left undone is in the store alone. It shares the alarm too: what it saved while this one was being
        // cleared is seen by looking once more.
        if (!await GoOnAsync(cancellationToken))
        {
            await _alarm.ResetAsync(null);
            await GoOnAsync(cancellationToken);
        }
    }

    /// <summary>A list that is full lets go of keys that are good for nothing any more, those that ended first before others, half of it at most.</summary>
    private async Task MakeRoomAsync(string keyId, CancellationToken cancellationToken)
    {
        if ((await _record.ReadAsync(cancellationToken)).State?.Keys is not { } keys || keys.Count < _options.MaxKeys || keys.Contains(keyId))
        {
            return;
        }

        var now = _host.Time.GetUtcNow();
        var views = await Task.WhenAll(keys.Select(id => _host.Entities.Credential(id).DescribeAsync(_id, cancellationToken)));
        var over = (
            from view in views.OfType<CredentialView>()
            let end = view.RevokedAt ?? view.ExpiresAt
            where end <= now
            orderby end
            select view.Id).Take(Math.Max(1, _options.MaxKeys / 2)).ToHashSet();
        await _record.ChangeAsync(
            (state, _) => state is not null && state.Keys.Exists(over.Contains)
                ? Decision<WorkspaceState, bool>.Save(state with { Keys = state.Keys.RemoveAll(over.Contains) }, true)
                : Decision<WorkspaceState, bool>.Keep(true),
            cancellationToken);
    }

    private async Task<bool> MakeKeyAsync(KeyToMake made, CancellationToken cancellationToken)
    {
        await _host.Entities.Credential(made.Id).CreateAsync(made.Key, cancellationToken);
        return true;
    }

    private Task RemoveAsync(KeyToMake made) => _record.ChangeAsync(
        (state, _) => state is not null && state.ToMake.Exists(other => other.Id == made.Id)
            ? Decision<WorkspaceState, bool>.Save(state with { ToMake = state.ToMake.RemoveAll(other => other.Id == made.Id) }, true)
            : Decision<WorkspaceState, bool>.Keep(true));

    private Task SetAlarmAsync(Stored<WorkspaceState> next, CancellationToken cancellationToken) => _alarm.EnsureByAsync(
        HasLeft(next.State) ? _host.Time.GetUtcNow() + GoOnAfter : null, anew: !HasLeft(_record.Current?.State));

    private async Task<bool> GoOnAsync(CancellationToken cancellationToken)
    {
        var stored = await _record.ReadFreshAsync(cancellationToken);
        if (HasLeft(stored.State))
        {
            GoOn(stored);
            await _alarm.ResetAsync(_host.Time.GetUtcNow() + GoOnAfter);
            return true;
        }

        return false;
    }

    private void GoOn(Stored<WorkspaceState> stored)
    {
        if (stored.State is { } state)
        {
            _work.Start(state.ToMake);
            _members.GoOn(state);
        }
    }

    /// <summary>Whether something is left to do that a crash must not leave undone.</summary>
    private static bool HasLeft(WorkspaceState? state) =>
        state is not null && (!state.ToMake.IsEmpty || state.Readers.ToTell.Exists(pair => pair.Part is not null));
}
