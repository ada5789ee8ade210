using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Users;

/// <summary>One user: <see cref="UserEntity"/>.</summary>
[GrainType(EntityKinds.User), Reentrant]
internal sealed class UserGrain(EntityServices services)
    : EntityGrain<UserEntity>(services, (id, host, _) => new UserEntity(id, host)), IUserGrain
{
    public Task JoinAsync(string? email, string workspaceId, CancellationToken cancellationToken = default) =>
        Entity.JoinAsync(email, workspaceId, cancellationToken);

    public Task<UserView?> DescribeAsync(CancellationToken cancellationToken = default) => Entity.DescribeAsync(cancellationToken);
}
