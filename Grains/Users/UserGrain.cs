using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Users;

/// <summary>One user: <see cref="UserEntity"/>.</summary>
[GrainType(EntityKinds.User), Reentrant]
internal sealed class UserGrain(EntityServices services)
    : EntityGrain<UserEntity>(services, (id, host, options) => new UserEntity(id, host, options.Users ?? new UserOptions())), IUserGrain
{
    public Task JoinAsync(string? email, string workspaceId, CancellationToken cancellationToken = default) =>
        Entity.JoinAsync(email, workspaceId, cancellationToken);

    public Task MakeWorkspaceAsync(Caller caller, string workspaceId, string name, CancellationToken cancellationToken = default) =>
        Entity.MakeWorkspaceAsync(caller, workspaceId, name, cancellationToken);

    public Task CreateTokenAsync(Caller caller, string tokenId, NewCredential token, CancellationToken cancellationToken = default) =>
        Entity.CreateTokenAsync(caller, tokenId, token, cancellationToken);

    public Task<IReadOnlyList<CredentialView>> TokensAsync(string? alsoId, CancellationToken cancellationToken = default) =>
        Entity.TokensAsync(alsoId, cancellationToken);

    public Task<UserView?> DescribeAsync(CancellationToken cancellationToken = default) => Entity.DescribeAsync(cancellationToken);
}
