using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.Operations;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>The entity behind <see cref="IWorkspace"/>.</summary>
public sealed class WorkspaceEntity : IWorkspace, IEntity
{
    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly WorkspaceOptions _options;
    private readonly Record<WorkspaceState> _record;
    private readonly WorkspaceFollowUp _followUp;
    private readonly Unfinished<WorkspaceState> _unfinished;
    private readonly Departed _departed;
    private readonly MemberRecalls _members;
    private readonly OpenInvitations _invitations;
    private readonly SemaphoreSlim _makingRoom = new(1, 1);

    public WorkspaceEntity(string id, IEntityHost host, WorkspaceOptions options, LeaseOptions leases)
    {
        (_id, _host, _options) = (id, host, options);
        _record = new Record<WorkspaceState>(host.Store<WorkspaceState>());
        _unfinished = new Unfinished<WorkspaceState>(host, _record, WorkspaceFollowUp.HasLeft, GoOn);
        _record.BeforeSave = _unfinished.BeforeSaveAsync;
        _departed = new Departed(host, reader => _record.ChangeAsync(
            (state, _) => state is not null && state.Readers.Over(reader) is var left
                ? Decision<WorkspaceState, bool>.Save(state with { Readers = left }, true)
                : Decision<WorkspaceState, bool>.Keep(true)));
        _record.Saved += saved => _departed.Look(saved.State?.Readers.Current ?? []);
        _members = new MemberRecalls(id, host, leases, _record);
        _followUp = new WorkspaceFollowUp(host, _record);
        _invitations = new OpenInvitations(id, host, _record, _followUp.Audit);
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
            ? View(state)
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
        var act = Act(caller, AuditAction.MemberChange, userId, Word(role));
        var change = await _record.ChangeAsync(
            (state, version) => MemberRules.Set(state, version, caller, userId, role, addAfter, _options, act), cancellationToken);
        return change is null ? null : await TellAsync(change, userId, cancellationToken);
    }

    public async Task<RecallReport?> RemoveMemberAsync(Caller caller, string userId, CancellationToken cancellationToken = default)
    {
        var act = Act(caller, AuditAction.MemberRemove, userId, null);
        var change = await _record.ChangeAsync((state, version) => MemberRules.Remove(state, version, caller, userId, act), cancellationToken);
        return change is null ? null : await TellAsync(change, userId, cancellationToken);
    }

    public async Task InviteAsync(Caller caller, string invitationId, NewInvitation invitation, CancellationToken cancellationToken = default)
    {
        var made = new InvitationToMake(invitationId, invitation);
        var act = Act(caller, AuditAction.MemberInvite, null, $"{Word(invitation.Role)} {invitation.Email}");
        var saved = await _record.ChangeAsync(
            (state, _) => InvitationRules.Invite(state, _id, caller, made, _options, act), cancellationToken);
        await _followUp.DoAsync(made, cancellationToken);
        await _followUp.Audit.WriteAsync(saved, cancellationToken);
    }

    public Task<IReadOnlyList<InvitationView>> InvitationsAsync(Caller caller, CancellationToken cancellationToken = default) =>
        _invitations.ListAsync(caller, cancellationToken);

    public Task<bool> WithdrawInvitationAsync(Caller caller, string invitationId, CancellationToken cancellationToken = default) =>
        _invitations.WithdrawAsync(caller, invitationId, cancellationToken);

    public async Task<Refusal?> JoinAsync(JoiningMember member, CancellationToken cancellationToken = default)
    {
        var caller = new Caller("", CredentialKind.Personal, _id, member.UserId, null, Scopes.None, From: member.From);
        var (saved, refusal) = await _record.ChangeAsync(
            (state, _) => InvitationRules.Join(
                state, member, _options, role => Act(caller, AuditAction.MemberJoin, member.UserId, Word(role))),
            cancellationToken);
        if (saved is not null)
        {
            await _followUp.Audit.WriteAsync(saved, cancellationToken);
        }

        return refusal;
    }

    public async Task<WorkspaceView?> RenameAsync(Caller caller, string name, CancellationToken cancellationToken = default)
    {
        var act = Act(caller, AuditAction.WorkspaceRename, _id, name);
        var saved = await _record.ChangeAsync(
            (state, _) =>
            {
                if (state is null)
                {
                    return Decision<WorkspaceState, WorkspaceState?>.Keep(null);
                }

                MemberRules.MustAdminister(state, caller);
                var next = state.Name == name ? state : (state with { Name = name }).By(act);
                return next == state ? Decision<WorkspaceState, WorkspaceState?>.Keep(state) : Saved(next);
            },
            cancellationToken);
        if (saved is null)
        {
            return null;
        }

        await _followUp.Audit.WriteAsync(saved, cancellationToken);
        return View(saved);
    }

    public async Task CreateKeyAsync(Caller caller, string keyId, NewCredential key, CancellationToken cancellationToken = default)
    {
        caller.MustAdminister();
        caller.MustCover(key.Grant);
        var made = new KeyToMake(keyId, key);
        var act = Act(caller, AuditAction.ApiKeyCreate, keyId, key.Label);
        WorkspaceState? saved;

        // The change alone sees whether there is room: others are made meanwhile. A round is lost only to keys that were.
        while ((saved = await AddKeyAsync(made, act, cancellationToken)) is null)
        {
            if (!await MakeRoomAsync(cancellationToken))
            {
                throw new ControlPlaneException(
                    ErrorCode.QuotaExceeded, $"The workspace has {_options.MaxKeys} good keys, as many as it may. Revoke one first.");
            }
        }

        await _followUp.DoAsync(made, cancellationToken);
        await _followUp.Audit.WriteAsync(saved, cancellationToken);
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
        (state, _) => state is not null && (state.Live.Contains(sessionId) || !state.HasReleased(sessionId))
            ? Decision<WorkspaceState, bool>.Save(state.ReleasedBy(sessionId), true)
            : Decision<WorkspaceState, bool>.Keep(true),
        cancellationToken);

    public Task WakeAsync(CancellationToken cancellationToken = default) => _unfinished.WakeAsync(cancellationToken);

    /// <summary>Null: the list is full.</summary>
    private Task<WorkspaceState?> AddKeyAsync(KeyToMake made, AuditEvent act, CancellationToken cancellationToken) => _record.ChangeAsync(
        (state, _) => state switch
        {
            null => throw new ControlPlaneException(ErrorCode.NotFound, $"There is no workspace {_id}."),
            _ when state.Keys.Contains(made.Id) => Decision<WorkspaceState, WorkspaceState?>.Keep(state),
            _ when state.Keys.Count >= _options.MaxKeys => Decision<WorkspaceState, WorkspaceState?>.Keep(null),
            _ => Saved((state with { Keys = state.Keys.Add(made.Id), ToMake = state.ToMake.Add(made) }).By(act)),
        },
        cancellationToken);

    /// <summary>
    /// A list that is full lets go of keys that are good for nothing any more, those that ended first before others, half of it at most. False:
    /// all are good.
    /// </summary>
    private async Task<bool> MakeRoomAsync(CancellationToken cancellationToken)
    {
        // One after the other: what the first lets go of is room for many.
        await _makingRoom.WaitAsync(cancellationToken);
        try
        {
            if ((await _record.ReadAsync(cancellationToken)).State?.Keys is not { } keys || keys.Count < _options.MaxKeys)
            {
                return true;
            }

            var now = _host.Time.GetUtcNow();
            var views = await Task.WhenAll(keys.Select(id => _host.Entities.Credential(id).DescribeAsync(_id, cancellationToken)));
            var over = (
                from view in views.OfType<CredentialView>()
                let end = view.RevokedAt ?? view.ExpiresAt
                where end <= now
                orderby end
                select view.Id).Take(Math.Max(1, _options.MaxKeys / 2)).ToHashSet();
            return over.Count > 0 && await _record.ChangeAsync(
                (state, _) => state is not null && state.Keys.Exists(over.Contains)
                    ? Decision<WorkspaceState, bool>.Save(state with { Keys = state.Keys.RemoveAll(over.Contains) }, true)
                    : Decision<WorkspaceState, bool>.Keep(true),
                cancellationToken);
        }
        finally
        {
            _makingRoom.Release();
        }
    }

    private AuditEvent Act(Caller caller, AuditAction action, string? target, string? detail) =>
        _followUp.Audit.Act(caller, action, target, detail, _id);

    private static Decision<WorkspaceState, WorkspaceState?> Saved(WorkspaceState next) => Decision<WorkspaceState, WorkspaceState?>.Save(next, next);

    private static string Word(Role role) => role.ToString().ToLowerInvariant();

    private WorkspaceView View(WorkspaceState state) =>
        new(_id, state.Name, state.CreatedAt, state.Members, state.Live.Count, state.Taken);

    private async Task<RecallReport> TellAsync(MemberChange change, string userId, CancellationToken cancellationToken)
    {
        var written = _followUp.Audit.WriteAsync(change.State, cancellationToken);
        var report = await _members.TellAsync(change, userId).WaitAsync(cancellationToken);
        await written;
        return report;
    }

    private void GoOn(Stored<WorkspaceState> stored)
    {
        if (stored.State is { } state)
        {
            _followUp.GoOn(state);
            _members.GoOn(state);
        }
    }
}
