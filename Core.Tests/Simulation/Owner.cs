using ControlPlane.Audit;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Events;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Operations;
using ControlPlane.Records;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>A process in which entities are active. Two of them may have activations of the same entity, and neither knows.</summary>
internal sealed class Owner
{
    private readonly Cluster _cluster;
    private readonly EntityOptions _options;
    private readonly RemoteEntities _entities;
    private readonly Dictionary<EntityKey, IEntity> _active = [];

    public Owner(Cluster cluster, Machine machine, EntityOptions options)
    {
        (_cluster, Machine, _options, _entities) = (cluster, machine, options, new RemoteEntities(cluster, machine));
        machine.Died += _active.Clear;
    }

    public Machine Machine { get; }

    public IEnumerable<KeyValuePair<EntityKey, IEntity>> Active => _active;

    public IEntity Entity(EntityKey key)
    {
        if (!_active.TryGetValue(key, out var entity))
        {
            _active[key] = entity = Create(key);
        }

        return entity;
    }

    private IEntity Create(EntityKey key)
    {
        var host = new Host(this, key);
        return key.Kind switch
        {
            EntityKinds.Session => new SessionEntity(key.Key, host, _options.Sessions, _options.Leases),
            EntityKinds.Credential => new CredentialEntity(key.Key, host, _options.Leases),
            EntityKinds.Workspace => new WorkspaceEntity(key.Key, host, _options.Workspaces, _options.Leases),
            EntityKinds.SessionIndex => new SessionIndex(key.Key, host),
            EntityKinds.Gateway => new GatewayEntity(host, _options.Leases, key.Key),
            EntityKinds.Roster => new Roster(key.Key, host),
            EntityKinds.Audit => new AuditLog(key.Key, host),
            EntityKinds.Events => new SessionEvents(key.Key, host),
            EntityKinds.Usage => new UsageLog(key.Key, host),
            _ => throw new ArgumentException($"There is no entity of the kind {key.Kind}.", nameof(key)),
        };
    }

    private sealed class Host(Owner owner, EntityKey key) : IEntityHost
    {
        public TimeProvider Time => owner.Machine.Clock;

        public Random Random => owner._cluster.Chance;

        public ILog Log => owner._cluster.Storage.Log(owner.Machine);

        public IEntities Entities => owner._entities;

        public IStore<T> Store<T>() where T : class => owner._cluster.Storage.Store<T>(owner.Machine, key);

        public Task WakeAtAsync(DateTimeOffset? due) => owner._cluster.Alarms.SetAsync(owner.Machine, key, due);

        public Task<RecallAnswer> RecallAsync(string gateway, Recall recall, CancellationToken cancellationToken) =>
            owner._cluster.Doors.RecallAsync(owner.Machine, gateway, recall, cancellationToken);
    }
}
