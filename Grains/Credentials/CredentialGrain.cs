using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using Orleans.Concurrency;

namespace ControlPlane.Credentials;

/// <summary>One token's owner: <see cref="CredentialEntity"/>.</summary>
[GrainType(EntityKinds.Credential), Reentrant]
internal sealed class CredentialGrain(EntityServices services)
    : EntityGrain<CredentialEntity>(services, (id, host, options) => new CredentialEntity(id, host, options.Leases)), ICredentialGrain
{
    public Task<CredentialAnswer> AuthorizeAsync(
        TokenDigest digest, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        Entity.AuthorizeAsync(digest, reader, fresh, cancellationToken);

    public Task CreateAsync(NewCredential credential, CancellationToken cancellationToken = default) =>
        Entity.CreateAsync(credential, cancellationToken);

    public Task<CredentialView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default) =>
        Entity.DescribeAsync(workspaceId, cancellationToken);

    public Task<RecallReport?> RevokeAsync(Caller caller, CancellationToken cancellationToken = default) =>
        Entity.RevokeAsync(caller, cancellationToken);

    public Task<RecallReport?> RevokeOwnAsync(Caller caller, CancellationToken cancellationToken = default) =>
        Entity.RevokeOwnAsync(caller, cancellationToken);

    public Task<CredentialView?> DescribeOwnAsync(string userId, CancellationToken cancellationToken = default) =>
        Entity.DescribeOwnAsync(userId, cancellationToken);

    public Task<RecallReport?> EndAsync(TokenDigest secret, CancellationToken cancellationToken = default) =>
        Entity.EndAsync(secret, cancellationToken);

    public Task<KeyRotation?> RotateAsync(
        Caller caller, TokenDigest secret, TimeSpan grace, CancellationToken cancellationToken = default) =>
        Entity.RotateAsync(caller, secret, grace, cancellationToken);

    public Task ReportUseAsync(TimeSpan ago, CancellationToken cancellationToken = default) =>
        Entity.ReportUseAsync(ago, cancellationToken);
}
