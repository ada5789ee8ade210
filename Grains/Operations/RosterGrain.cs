using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Operations;

/// <summary>A list of names for operators: <see cref="Roster"/>.</summary>
[GrainType(EntityKinds.Roster), Reentrant]
internal sealed class RosterGrain(EntityServices services)
    : EntityGrain<Roster>(services, (name, host, _) => new Roster(name, host)), IRosterGrain
{
    public Task EnterAsync(string id, CancellationToken cancellationToken = default) => Entity.EnterAsync(id, cancellationToken);

    public Task LeaveAsync(string id, CancellationToken cancellationToken = default) => Entity.LeaveAsync(id, cancellationToken);

    public Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken = default) => Entity.AllAsync(cancellationToken);
}
