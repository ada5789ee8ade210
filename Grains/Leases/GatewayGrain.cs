using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Leases;

/// <summary>One gateway incarnation's lease: <see cref="GatewayEntity"/>.</summary>
[GrainType(EntityKinds.Gateway), Reentrant]
internal sealed class GatewayGrain(EntityServices services)
    : EntityGrain<GatewayEntity>(services, (incarnation, host, options) => new GatewayEntity(host, options.Leases, incarnation)), IGatewayGrain
{
    public Task<LeaseAnswer> OpenAsync(CancellationToken cancellationToken = default) => Entity.OpenAsync(cancellationToken);

    public Task<LeaseAnswer> RenewAsync(IReadOnlyList<RecallAnswer> acknowledged, CancellationToken cancellationToken = default) =>
        Entity.RenewAsync(acknowledged, cancellationToken);

    public Task<RecallAnswer?> RecallAsync(Recall recall, CancellationToken cancellationToken = default) =>
        Entity.RecallAsync(recall, cancellationToken);

    public Task<bool> IsOverAsync(CancellationToken cancellationToken = default) => Entity.IsOverAsync(cancellationToken);

    public Task CloseAsync(CancellationToken cancellationToken = default) => Entity.CloseAsync(cancellationToken);

    public Task<bool> EvictAsync(CancellationToken cancellationToken = default) => Entity.EvictAsync(cancellationToken);

    public Task<GatewayView?> DescribeAsync(CancellationToken cancellationToken = default) => Entity.DescribeAsync(cancellationToken);
}
