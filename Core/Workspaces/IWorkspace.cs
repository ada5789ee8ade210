using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Invitations;
using ControlPlane.Leases;

namespace ControlPlane.Workspaces;

/// <summary>Members and roles, the ids of the keys, the quotas. Keyed by workspace id.</summary>
public interface IWorkspace
{
    /// <summary>Makes the workspace with its owner. The same once more is harmless.</summary>
    Task CreateAsync(NewWorkspace workspace, CancellationToken cancellationToken = default);

    /// <summary>The workspace; null when there is none.</summary>
    Task<WorkspaceView?> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether a user is a member, and the fact, given to a gateway that is saved as its reader first. Null: not a member.</summary>
    Task<MembershipFact?> AuthorizeAsync(string userId, string reader, bool fresh, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds a member or changes its role. One that is raised is raised when it is saved. One that is lowered is answered when no gateway
    /// lets the user in with the earlier role and what ran on it was cut; again: the same wait, the same answer. Null: the user is no
    /// member and has not become one. The user's own index of workspaces is for whoever adds it.
    /// </summary>
    /// <param name="addAfter">
    /// The removal after which a user who is no member becomes one, <see cref="WorkspaceView.RemovedAs"/>; 0 for one who never was removed.
    /// So an addition that is late, or repeated, brings nobody back who was removed meanwhile. Null: only a member is changed.
    /// </param>
    /// <exception cref="ControlPlaneException">
    /// 403: the caller may not administer members, or not this one; 409: it is the last owner; 429: as many members as there may be.
    /// </exception>
    Task<RecallReport?> SetMemberAsync(Caller caller, string userId, Role role, long? addAfter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a member and answers when no gateway lets the user into the workspace any more and what ran here on its personal tokens was
    /// cut. Nothing of other members is touched, nor are keys: they outlive the membership of whoever made them. Again: the same wait, the
    /// same answer. Null: there is no such member, and none was removed lately.
    /// </summary>
    /// <exception cref="ControlPlaneException">403: the caller may not administer members, or not this one; 409: it is the last owner.</exception>
    Task<RecallReport?> RemoveMemberAsync(Caller caller, string userId, CancellationToken cancellationToken = default);

    /// <summary>Makes an invitation and answers when it can be taken. The same id once more is harmless.</summary>
    /// <param name="invitationId">The digest of its code.</param>
    /// <exception cref="ControlPlaneException">403: the caller may not invite, or not with this role; 429: as many as there may be.</exception>
    Task InviteAsync(Caller caller, string invitationId, NewInvitation invitation, CancellationToken cancellationToken = default);

    /// <summary>The invitations that can still be taken, the latest first.</summary>
    /// <exception cref="ControlPlaneException">403: the caller does not administer it.</exception>
    Task<IReadOnlyList<InvitationView>> InvitationsAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>
    /// Withdraws an invitation: when it is answered, nobody joins with it any more. Once more: the same answer. False: no open invitation of the
    /// workspace has this id.
    /// </summary>
    /// <exception cref="ControlPlaneException">403: the caller may not administer members, or not with the role that it gives.</exception>
    Task<bool> WithdrawInvitationAsync(Caller caller, string invitationId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes in who comes with an invitation. Each is good for one user; once more changes nothing, so it brings nobody back who was removed
    /// meanwhile. Null: done, now or before.
    /// </summary>
    Task<Refusal?> JoinAsync(JoiningMember member, CancellationToken cancellationToken = default);

    /// <summary>Gives the workspace another name. Null: there is no such workspace.</summary>
    /// <exception cref="ControlPlaneException">403: the caller does not administer it.</exception>
    Task<WorkspaceView?> RenameAsync(Caller caller, string name, CancellationToken cancellationToken = default);

    /// <summary>Takes a key's id into the workspace and makes the credential. The same id once more is harmless.</summary>
    /// <exception cref="ControlPlaneException">
    /// 403: the caller may not administer keys, or not make one that may do more than he; 429: the workspace has as many keys as it may.
    /// </exception>
    Task CreateKeyAsync(Caller caller, string keyId, NewCredential key, CancellationToken cancellationToken = default);

    /// <summary>The workspace's keys, newest first.</summary>
    /// <exception cref="ControlPlaneException">403: the caller may not administer keys.</exception>
    Task<IReadOnlyList<CredentialView>> KeysAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>Takes a place among the live sessions. The same session once more is harmless. Null: taken.</summary>
    Task<Refusal?> ReserveAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>Gives a session's place back; harmless when it has none.</summary>
    Task ReleaseAsync(string sessionId, CancellationToken cancellationToken = default);
}

public sealed record NewWorkspace(string Name, string OwnerId, DateTimeOffset CreatedAt);

/// <param name="LiveSessions">How many sessions have a place in its quota.</param>
/// <param name="Taken">The latest memberships that were taken away or lowered.</param>
public sealed record WorkspaceView(
    string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, Role> Members, int LiveSessions = 0,
    IReadOnlyList<TakenMembership>? Taken = null)
{
    /// <summary>The removal of a user who is no member any more; 0 when none is known.</summary>
    public long RemovedAs(string userId) => Members.ContainsKey(userId) ? 0 : Taken?.FirstOrDefault(taken => taken.UserId == userId)?.Version ?? 0;
}

/// <summary>What a gateway holds of a user's membership.</summary>
/// <param name="Version">Of the workspace's record when the fact was granted.</param>
public sealed record MembershipFact(string WorkspaceId, string UserId, Role Role, long Version);
