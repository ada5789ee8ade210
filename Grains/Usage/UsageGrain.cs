using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Usage;

/// <summary>A workspace's usage: <see cref="UsageLog"/>.</summary>
[GrainType(EntityKinds.Usage), Reentrant]
internal sealed class UsageGrain(EntityServices services)
    : EntityGrain<UsageLog>(services, (id, host, _) => new UsageLog(id, host)), IUsageGrain
{
    public Task AddAsync(UsageReport report, CancellationToken cancellationToken = default) => Entity.AddAsync(report, cancellationToken);

    public Task<IReadOnlyList<UsageRow>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        Entity.ReadAsync(from, to, cancellationToken);
}
