using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using Orleans.Concurrency;

namespace ControlPlane.Workspaces;

/// <summary>One workspace: <see cref="WorkspaceEntity"/>.</summary>
[GrainType(EntityKinds.Workspace), Reentrant]
internal sealed class WorkspaceGrain(EntityServices services)
    : EntityGrain<WorkspaceEntity>(services, (id, host, options) => new WorkspaceEntity(id, host, options.Workspaces, options.Leases)), IWorkspaceGrain
{
    public Task CreateAsync(NewWorkspace workspace, CancellationToken cancellationToken = default) =>
        Entity.CreateAsync(workspace, cancellationToken);

    public Task<WorkspaceView?> DescribeAsync(CancellationToken cancellationToken = default) => Entity.DescribeAsync(cancellationToken);

    public Task<MembershipFact?> AuthorizeAsync(string userId, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        Entity.AuthorizeAsync(userId, reader, fresh, cancellationToken);

    public Task<RecallReport?> SetMemberAsync(
        Caller caller, string userId, Role role, long? addAfter, CancellationToken cancellationToken = default) =>
        Entity.SetMemberAsync(caller, userId, role, addAfter, cancellationToken);

    public Task<RecallReport?> RemoveMemberAsync(Caller caller, string userId, CancellationToken cancellationToken = default) =>
        Entity.RemoveMemberAsync(caller, userId, cancellationToken);

    public Task InviteAsync(Caller caller, string invitationId, NewInvitation invitation, CancellationToken cancellationToken = default) =>
        Entity.InviteAsync(caller, invitationId, invitation, cancellationToken);

    public Task<IReadOnlyList<InvitationView>> InvitationsAsync(Caller caller, CancellationToken cancellationToken = default) =>
        Entity.InvitationsAsync(caller, cancellationToken);

    public Task<bool> WithdrawInvitationAsync(Caller caller, string invitationId, CancellationToken cancellationToken = default) =>
        Entity.WithdrawInvitationAsync(caller, invitationId, cancellationToken);

    public Task<Refusal?> JoinAsync(JoiningMember member, CancellationToken cancellationToken = default) =>
        Entity.JoinAsync(member, cancellationToken);

    public Task<WorkspaceView?> RenameAsync(Caller caller, string name, CancellationToken cancellationToken = default) =>
        Entity.RenameAsync(caller, name, cancellationToken);

    public Task CreateKeyAsync(Caller caller, string keyId, NewCredential key, CancellationToken cancellationToken = default) =>
        Entity.CreateKeyAsync(caller, keyId, key, cancellationToken);

    public Task<IReadOnlyList<CredentialView>> KeysAsync(Caller caller, CancellationToken cancellationToken = default) =>
        Entity.KeysAsync(caller, cancellationToken);

    public Task<Refusal?> ReserveAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Entity.ReserveAsync(sessionId, cancellationToken);

    public Task ReleaseAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Entity.ReleaseAsync(sessionId, cancellationToken);
}
