using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.AgentTraces;

/// <summary>A workspace's traces: <see cref="TraceIndex"/>.</summary>
[GrainType(EntityKinds.TraceIndex), Reentrant]
internal sealed class TraceIndexGrain(EntityServices services)
    : EntityGrain<TraceIndex>(services, (id, host, _) => new TraceIndex(id, host)), ITraceIndexGrain
{
    public Task<TraceListing> AddAsync(Caller caller, NewTrace trace, CancellationToken cancellationToken = default) =>
        Entity.AddAsync(caller, trace, cancellationToken);

    public Task<TracePage> PageAsync(Caller caller, TraceQuery query, CancellationToken cancellationToken = default) =>
        Entity.PageAsync(caller, query, cancellationToken);

    public Task<TraceDetail?> FindAsync(Caller caller, string rootTraceId, CancellationToken cancellationToken = default) =>
        Entity.FindAsync(caller, rootTraceId, cancellationToken);

    public Task<int> RemoveAsync(Caller caller, TraceSelection selection, CancellationToken cancellationToken = default) =>
        Entity.RemoveAsync(caller, selection, cancellationToken);
}
