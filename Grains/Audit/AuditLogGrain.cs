using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Audit;

/// <summary>A workspace's audit log: <see cref="AuditLog"/>.</summary>
[GrainType(EntityKinds.Audit), Reentrant]
internal sealed class AuditLogGrain(EntityServices services)
    : EntityGrain<AuditLog>(services, (id, host, _) => new AuditLog(id, host)), IAuditLogGrain
{
    public Task RecordAsync(AuditEvent happened, CancellationToken cancellationToken = default) => Entity.RecordAsync(happened, cancellationToken);

    public Task<AuditPage> PageAsync(AuditQuery query, CancellationToken cancellationToken = default) => Entity.PageAsync(query, cancellationToken);
}
