using ControlPlane.Entities;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Hosting;

/// <summary>What an entity may use, on Orleans.</summary>
internal sealed class EntityHost(GrainId id, EntityServices services) : IEntityHost
{
    private Func<bool> _hasRecord = () => false;

    public TimeProvider Time => services.Clock.Time;

    public ILog Log => field ??= new MeasuredLog(new StoredLog(services.Storage));

    public IEntities Entities => services.Entities;

    /// <summary>Whether the entity's record existed when it was last read or written here.</summary>
    public bool HasRecord => _hasRecord();

    public IStore<T> Store<T>() where T : class
    {
        var store = new GrainStore<T>(services.Storage, id);
        _hasRecord = () => store.HasRecord;
        return store;
    }

    public Task WakeAtAsync(DateTimeOffset? due) =>
        Persistent.Around(AlarmShards.Of(services.Grains, id), services.Limits, isTold: true).SetAsync(id.Type.ToString()!, id.Key.ToString()!, due);

    public async Task<RecallAnswer> RecallAsync(string gateway, Recall recall, CancellationToken cancellationToken)
    {
        // An incarnation is the address of what takes its recalls. One that is no address was never given to a gateway of this cluster.
        var observer = services.Grains.GetGrain<IGatewayObserver>(GrainId.Parse(gateway));
        return await observer.RecallAsync(recall).WaitAsync(cancellationToken);
    }
}
