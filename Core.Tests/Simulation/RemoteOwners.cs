using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

internal sealed class RemoteSession(Line line, GatewayProcess? gateway) : ISession
{
    public Task<SessionView> CreateAsync(Caller caller, NewSession session, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, SessionView>("create", (entity, token) => entity.CreateAsync(caller, session, token), cancellationToken);

    public Task<SessionView> DescribeAsync(Caller caller, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, SessionView>("describe", (entity, token) => entity.DescribeAsync(caller, token), cancellationToken);

    public Task<SessionView> RenewAsync(Caller caller, TimeSpan extension, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, SessionView>("renew", (entity, token) => entity.RenewAsync(caller, extension, token), cancellationToken);

    public Task CheckCloneAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession>("check clone", (entity, token) => entity.CheckCloneAsync(caller, cloneName, token), cancellationToken);

    public Task<SessionView> SetCloneAsync(Caller caller, CloneOrder order, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, SessionView>("set clone", (entity, token) => entity.SetCloneAsync(caller, order, token), cancellationToken);

    public Task SetFaultsAsync(Caller caller, string cloneName, byte[] faults, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession>("set faults", (entity, token) => entity.SetFaultsAsync(caller, cloneName, faults, token), cancellationToken);

    public Task<byte[]> FaultsAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, byte[]>("faults", (entity, token) => entity.FaultsAsync(caller, cloneName, token), cancellationToken);

    public Task<byte[]> CloneStateAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, byte[]>("clone state", (entity, token) => entity.CloneStateAsync(caller, cloneName, token), cancellationToken);

    public Task<RecallReport> StopAsync(Caller caller, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, RecallReport>("stop", (entity, token) => entity.StopAsync(caller, token), cancellationToken);

    public Task<SessionAnswer> AuthorizeAsync(
        Caller caller, string cloneName, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, SessionAnswer>(
            "authorize", (entity, token) => entity.AuthorizeAsync(caller, cloneName, reader, fresh, token), cancellationToken);

    public Task<bool> RestoredAsync(IReadOnlyList<HeldPlacement> held, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, bool>("restored", (entity, token) => entity.RestoredAsync(held, token), cancellationToken);

    public Task<SessionExplanation?> ExplainAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, SessionExplanation?>("explain", (entity, token) => entity.ExplainAsync(token), cancellationToken);

    public Task ReturnShareAsync(string reader, long number, int unused, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession>("return share", (entity, token) => entity.ReturnShareAsync(reader, number, unused, token), cancellationToken);

    public Task<BudgetShare?> TakeShareAsync(string reader, long spent, int unused = 0, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, BudgetShare?>("take share", (entity, token) => entity.TakeShareAsync(reader, spent, unused, token), cancellationToken);

    public Task ReportUseAsync(SessionUse use, CancellationToken cancellationToken = default)
    {
        gateway?.Reports(line.Key.Key);
        return line.CallAsync<ISession>("report use", (entity, token) => entity.ReportUseAsync(use, token), cancellationToken);
    }

    public Task<bool> WorkerFoundAsync(string workerId, long epoch, Uri data, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession, bool>("worker found", (entity, token) => entity.WorkerFoundAsync(workerId, epoch, data, token), cancellationToken);

    public Task WorkerLostAsync(string workerId, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISession>("worker lost", (entity, token) => entity.WorkerLostAsync(workerId, token), cancellationToken);
}

internal sealed class RemoteCredential(Line line) : ICredential
{
    public Task<CredentialAnswer> AuthorizeAsync(TokenDigest digest, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, CredentialAnswer>("authorize", (entity, token) => entity.AuthorizeAsync(digest, reader, fresh, token), cancellationToken);

    public Task CreateAsync(NewCredential credential, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential>("create", (entity, token) => entity.CreateAsync(credential, token), cancellationToken);

    public Task<CredentialView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, CredentialView?>("describe", (entity, token) => entity.DescribeAsync(workspaceId, token), cancellationToken);

    public Task<RecallReport?> EndAsync(TokenDigest secret, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, RecallReport?>("end", (entity, token) => entity.EndAsync(secret, token), cancellationToken);

    public Task<RecallReport?> RevokeAsync(Caller caller, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, RecallReport?>("revoke", (entity, token) => entity.RevokeAsync(caller, token), cancellationToken);

    public Task<CredentialView?> DescribeOwnAsync(string userId, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, CredentialView?>("describe own", (entity, token) => entity.DescribeOwnAsync(userId, token), cancellationToken);

    public Task<RecallReport?> RevokeOwnAsync(Caller caller, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, RecallReport?>("revoke own", (entity, token) => entity.RevokeOwnAsync(caller, token), cancellationToken);

    public Task<KeyRotation?> RotateAsync(Caller caller, TokenDigest secret, TimeSpan grace, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential, KeyRotation?>("rotate", (entity, token) => entity.RotateAsync(caller, secret, grace, token), cancellationToken);

    public Task ReportUseAsync(TimeSpan ago, CancellationToken cancellationToken = default) =>
        line.CallAsync<ICredential>("report use", (entity, token) => entity.ReportUseAsync(ago, token), cancellationToken);
}

internal sealed class RemoteWorkspace(Line line) : IWorkspace
{
    public Task CreateAsync(NewWorkspace workspace, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace>("create", (entity, token) => entity.CreateAsync(workspace, token), cancellationToken);

    public Task<WorkspaceView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, WorkspaceView?>("describe", (entity, token) => entity.DescribeAsync(token), cancellationToken);

    public Task<MembershipFact?> AuthorizeAsync(string userId, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, MembershipFact?>("authorize", (entity, token) => entity.AuthorizeAsync(userId, reader, fresh, token), cancellationToken);

    public Task<RecallReport?> SetMemberAsync(Caller caller, string userId, Role role, long? addAfter, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, RecallReport?>(
            "set member", (entity, token) => entity.SetMemberAsync(caller, userId, role, addAfter, token), cancellationToken);

    public Task<RecallReport?> RemoveMemberAsync(Caller caller, string userId, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, RecallReport?>("remove member", (entity, token) => entity.RemoveMemberAsync(caller, userId, token), cancellationToken);

    public Task InviteAsync(Caller caller, string invitationId, NewInvitation invitation, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace>("invite", (entity, token) => entity.InviteAsync(caller, invitationId, invitation, token), cancellationToken);

    public Task<IReadOnlyList<InvitationView>> InvitationsAsync(Caller caller, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, IReadOnlyList<InvitationView>>("invitations", (entity, token) => entity.InvitationsAsync(caller, token), cancellationToken);

    public Task<bool> WithdrawInvitationAsync(Caller caller, string invitationId, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, bool>("withdraw invitation", (entity, token) => entity.WithdrawInvitationAsync(caller, invitationId, token), cancellationToken);

    public Task<Refusal?> JoinAsync(JoiningMember member, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, Refusal?>("join", (entity, token) => entity.JoinAsync(member, token), cancellationToken);

    public Task<WorkspaceView?> RenameAsync(Caller caller, string name, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, WorkspaceView?>("rename", (entity, token) => entity.RenameAsync(caller, name, token), cancellationToken);

    public Task CreateKeyAsync(Caller caller, string keyId, NewCredential key, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace>("create key", (entity, token) => entity.CreateKeyAsync(caller, keyId, key, token), cancellationToken);

    public Task<IReadOnlyList<CredentialView>> KeysAsync(Caller caller, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, IReadOnlyList<CredentialView>>("keys", (entity, token) => entity.KeysAsync(caller, token), cancellationToken);

    public Task<Refusal?> ReserveAsync(string sessionId, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace, Refusal?>("reserve", (entity, token) => entity.ReserveAsync(sessionId, token), cancellationToken);

    public Task ReleaseAsync(string sessionId, CancellationToken cancellationToken = default) =>
        line.CallAsync<IWorkspace>("release", (entity, token) => entity.ReleaseAsync(sessionId, token), cancellationToken);
}

internal sealed class RemoteSessionIndex(Line line) : ISessionIndex
{
    public Task RecordAsync(SessionListing listing, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISessionIndex>("record", (entity, token) => entity.RecordAsync(listing, token), cancellationToken);

    public Task<SessionPage> PageAsync(SessionQuery query, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISessionIndex, SessionPage>("page", (entity, token) => entity.PageAsync(query, token), cancellationToken);
}

internal sealed class RemoteGateway(Line line, GatewayProcess? gateway) : IGateway
{
    public Task<LeaseAnswer> OpenAsync(CancellationToken cancellationToken = default) => WatchedAsync(
        line.CallAsync<IGateway, LeaseAnswer>("open", (entity, token) => entity.OpenAsync(token), cancellationToken));

    public Task<LeaseAnswer> RenewAsync(IReadOnlyList<RecallAnswer> acknowledged, CancellationToken cancellationToken = default)
    {
        gateway?.Acknowledges(acknowledged);
        return WatchedAsync(
            line.CallAsync<IGateway, LeaseAnswer>("renew lease", (entity, token) => entity.RenewAsync(acknowledged, token), cancellationToken));
    }

    public Task<bool> EvictAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<IGateway, bool>("evict", (entity, token) => entity.EvictAsync(token), cancellationToken);

    public Task<GatewayView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<IGateway, GatewayView?>("describe", (entity, token) => entity.DescribeAsync(token), cancellationToken);

    public Task<RecallAnswer?> RecallAsync(Recall recall, CancellationToken cancellationToken = default) =>
        line.CallAsync<IGateway, RecallAnswer?>("recall by lease", (entity, token) => entity.RecallAsync(recall, token), cancellationToken);

    public Task<bool> IsOverAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<IGateway, bool>("is over", (entity, token) => entity.IsOverAsync(token), cancellationToken);

    public Task CloseAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<IGateway>("close", (entity, token) => entity.CloseAsync(token), cancellationToken);

    private Task<LeaseAnswer> WatchedAsync(Task<LeaseAnswer> answer) =>
        gateway is null ? answer : gateway.WatchLeaseAsync(line.Key.Key, answer);
}
