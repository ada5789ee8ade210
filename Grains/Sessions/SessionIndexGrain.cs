using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Sessions;

/// <summary>A workspace's list of sessions: <see cref="SessionIndex"/>.</summary>
[GrainType(EntityKinds.SessionIndex), Reentrant]
internal sealed class SessionIndexGrain(EntityServices services)
    : EntityGrain<SessionIndex>(services, (id, host, _) => new SessionIndex(id, host)), ISessionIndexGrain
{
    public Task RecordAsync(SessionListing listing, CancellationToken cancellationToken = default) =>
        Entity.RecordAsync(listing, cancellationToken);

    public Task<SessionPage> PageAsync(SessionQuery query, CancellationToken cancellationToken = default) =>
        Entity.PageAsync(query, cancellationToken);
}
