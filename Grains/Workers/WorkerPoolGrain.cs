using ControlPlane.Hosting;
using ControlPlane.Records;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace ControlPlane.Workers;

/// <summary>
/// The workers there are: <see cref="WorkerPool"/>. After its silo has died, registrations tell the next activation what this one knew. It stays
/// active, for only then does it notice that a worker is lost.
/// </summary>
[GrainType("worker-pool"), Reentrant]
internal sealed class WorkerPoolGrain : Grain, IWorkerPoolGrain
{
    private readonly WorkerPool _pool;
    private readonly CancellationTokenSource _stopping = new();

    public WorkerPoolGrain(EntityServices services, IOptions<WorkerPoolOptions> options) => _pool = new WorkerPool(
        services.Entities, services.Clock.Time, options.Value, new GrainStore<WorkerPoolState>(services.Storage, GrainContext.GrainId));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        DelayDeactivation(TimeSpan.MaxValue);
        _ = _pool.RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _stopping.CancelAsync();

    public Task RegisterAsync(WorkerBeat beat, CancellationToken cancellationToken = default) => _pool.RegisterAsync(beat, cancellationToken);

    public Task<bool> BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default) => _pool.BeatAsync(beat, cancellationToken);

    public Task<string?> PlaceAsync(IReadOnlyList<string> clones, string? notOn = null, CancellationToken cancellationToken = default) =>
        _pool.PlaceAsync(clones, notOn, cancellationToken);

    public Task PlacedAsync(string workerId, string sessionId, CancellationToken cancellationToken = default) =>
        _pool.PlacedAsync(workerId, sessionId, cancellationToken);

    public Task<WorkerSighting> LocateAsync(string workerId, CancellationToken cancellationToken = default) => _pool.LocateAsync(workerId, cancellationToken);

    public Task<WorkerAddress?> ReachAsync(string workerId, CancellationToken cancellationToken = default) => _pool.ReachAsync(workerId, cancellationToken);

    public Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default) => _pool.CatalogueAsync(cancellationToken);

    public Task<WorkerView?> DrainAsync(string workerId, bool drained, CancellationToken cancellationToken = default) =>
        _pool.DrainAsync(workerId, drained, cancellationToken);

    public Task<IReadOnlyList<WorkerView>> ListAsync(CancellationToken cancellationToken = default) => _pool.ListAsync(cancellationToken);
}
