using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.AgentTraces;

/// <summary>The payloads of one trace root: <see cref="TraceEntity"/>.</summary>
[GrainType(EntityKinds.Trace), Reentrant]
internal sealed class TraceGrain(EntityServices services) : EntityGrain<TraceEntity>(services, (_, host, _) => new TraceEntity(host)), ITraceGrain
{
    public Task<TraceSize> AddAsync(TracePart part, CancellationToken cancellationToken = default) => Entity.AddAsync(part, cancellationToken);

    public Task<IReadOnlyList<TracePart>> ReadAsync(CancellationToken cancellationToken = default) => Entity.ReadAsync(cancellationToken);

    public Task RemoveAsync(CancellationToken cancellationToken = default) => Entity.RemoveAsync(cancellationToken);
}
