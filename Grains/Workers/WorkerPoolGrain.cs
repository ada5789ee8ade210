using ControlPlane.Hosting;
using Orleans.Concurrency;

namespace ControlPlane.Workers;

/// <summary>The workers there are: <see cref="WorkerPool"/>. After its silo has died, heartbeats tell the next activation what this one knew.</summary>
[GrainType("worker-pool"), Reentrant]
internal sealed class WorkerPoolGrain(EntityClock clock) : Grain, IWorkerPoolGrain
{
    public const string TheOne = "pool";

    private readonly WorkerPool _pool = new(clock.Time);

    public Task BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default) => _pool.BeatAsync(beat, cancellationToken);

    public Task<string?> PlaceAsync(IReadOnlyList<string> clones, CancellationToken cancellationToken = default) =>
        _pool.PlaceAsync(clones, cancellationToken);

    public Task<Uri?> LocateAsync(string workerId, CancellationToken cancellationToken = default) => _pool.LocateAsync(workerId, cancellationToken);

    public Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default) => _pool.CatalogueAsync(cancellationToken);
}
