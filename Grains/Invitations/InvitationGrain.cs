using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Invitations;

/// <summary>One pending invitation: <see cref="InvitationEntity"/>.</summary>
[GrainType(EntityKinds.Invitation), Reentrant]
internal sealed class InvitationGrain(EntityServices services)
    : EntityGrain<InvitationEntity>(services, (id, host, _) => new InvitationEntity(id, host)), IInvitationGrain
{
    public Task CreateAsync(NewInvitation invitation, CancellationToken cancellationToken = default) =>
        Entity.CreateAsync(invitation, cancellationToken);

    public Task<Accepted> AcceptAsync(Acceptance by, CancellationToken cancellationToken = default) => Entity.AcceptAsync(by, cancellationToken);

    public Task<InvitationView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default) =>
        Entity.DescribeAsync(workspaceId, cancellationToken);

    public Task<bool> WithdrawAsync(CancellationToken cancellationToken = default) => Entity.WithdrawAsync(cancellationToken);
}
