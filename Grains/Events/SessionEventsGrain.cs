using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Events;

/// <summary>A workspace's events: <see cref="SessionEvents"/>. A call that waits is no hindrance to others.</summary>
[GrainType(EntityKinds.Events), Reentrant]
internal sealed class SessionEventsGrain(EntityServices services)
    : EntityGrain<SessionEvents>(services, (id, host, _) => new SessionEvents(id, host)), ISessionEventsGrain
{
    public Task RecordAsync(IReadOnlyList<SessionEvent> happened, CancellationToken cancellationToken = default) =>
        Entity.RecordAsync(happened, cancellationToken);

    public Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancellationToken = default) => Entity.ReadAsync(query, cancellationToken);
}
