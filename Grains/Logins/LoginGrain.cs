using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Logins;

/// <summary>One device login: <see cref="LoginEntity"/>.</summary>
[GrainType(EntityKinds.Login), Reentrant]
internal sealed class LoginGrain(EntityServices services)
    : EntityGrain<LoginEntity>(services, (_, host, options) => new LoginEntity(host, options.Logins ?? new LoginOptions())), ILoginGrain
{
    public Task<bool> BeginAsync(NewLogin login, CancellationToken cancellationToken = default) => Entity.BeginAsync(login, cancellationToken);

    public Task<LoginView?> DescribeAsync(CancellationToken cancellationToken = default) => Entity.DescribeAsync(cancellationToken);

    public Task<bool> DecideAsync(Caller caller, bool approve, CancellationToken cancellationToken = default) =>
        Entity.DecideAsync(caller, approve, cancellationToken);

    public Task CountWrongAsync(CancellationToken cancellationToken = default) => Entity.CountWrongAsync(cancellationToken);

    public Task<LoginAnswer> PollAsync(TokenDigest device, CancellationToken cancellationToken = default) => Entity.PollAsync(device, cancellationToken);

    public Task<LoginAnswer> ClaimAsync(TokenDigest device, LoginToken token, CancellationToken cancellationToken = default) =>
        Entity.ClaimAsync(device, token, cancellationToken);
}
