using ControlPlane.Entities;
using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Creations;

/// <summary>One <c>Idempotency-Key</c>: <see cref="CreationEntity"/>.</summary>
[GrainType(EntityKinds.Creation), Reentrant]
internal sealed class CreationGrain(EntityServices services)
    : EntityGrain<CreationEntity>(services, (_, host, _) => new CreationEntity(host)), ICreationGrain
{
    public Task<byte[]?> FindAsync(string fingerprint, CancellationToken cancellationToken = default) =>
        Entity.FindAsync(fingerprint, cancellationToken);

    public Task<CreationStep> BeginAsync(string fingerprint, CancellationToken cancellationToken = default) =>
        Entity.BeginAsync(fingerprint, cancellationToken);

    public Task<byte[]?> SettleAsync(string sessionId, byte[] answer, CancellationToken cancellationToken = default) =>
        Entity.SettleAsync(sessionId, answer, cancellationToken);

    public Task FreeAsync(string sessionId, CancellationToken cancellationToken = default) => Entity.FreeAsync(sessionId, cancellationToken);
}
