using System.Collections.Concurrent;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Creations;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Events;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Operations;
using ControlPlane.Records;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane.Hosting;

/// <summary>What the entities of a process are made with.</summary>
public sealed record EntityOptions(
    LeaseOptions Leases, SessionOptions Sessions, WorkspaceOptions Workspaces, WorkerPoolOptions? Workers = null, UserOptions? Users = null,
    LoginOptions? Logins = null);

/// <summary>Hosts entities as plain objects in one process: one object for each entity in use, over one storage.</summary>
public sealed class LocalEntities : IEntities
{
    /// <summary>When so many are active, those without a record are forgotten; a stranger's guesses cost no memory.</summary>
    private const int SweepAfter = 10_000;

    private readonly ConcurrentDictionary<EntityKey, IEntity> _active = new();
    private readonly IStorage _storage;
    private readonly LocalDoors _doors;
    private readonly TimeProvider _time;
    private readonly EntityOptions _options;
    private readonly Func<string, IWorker> _workers;
    private readonly Alarms _alarms;
    private readonly WorkerPool _pool;
    private int _sweepAt = SweepAfter;

    public LocalEntities(IStorage storage, LocalDoors doors, TimeProvider time, EntityOptions options, Func<string, IWorker> workers)
    {
        (_storage, _doors, _time, _options, _workers) = (storage, doors, time, options, workers);
        _alarms = new Alarms(time, Find);
        _pool = new WorkerPool(
            this, time, options.Workers ?? new WorkerPoolOptions(), storage.Store<WorkerPoolState>(new EntityKey(WorkerPoolState.Kind, "pool")));
    }

    public IWorkerPool Workers => _pool;

    public ISession Session(string id) => (SessionEntity)Active(new EntityKey(EntityKinds.Session, id));

    public ICredential Credential(string id) => (CredentialEntity)Active(new EntityKey(EntityKinds.Credential, id));

    public ICreation Creation(string key) => (CreationEntity)Active(new EntityKey(EntityKinds.Creation, key));

    public IWorkspace Workspace(string id) => (WorkspaceEntity)Active(new EntityKey(EntityKinds.Workspace, id));

    public ISessionIndex Sessions(string workspaceId) => (SessionIndex)Active(new EntityKey(EntityKinds.SessionIndex, workspaceId));

    public IUser User(string id) => (UserEntity)Active(new EntityKey(EntityKinds.User, id));

    public IInvitation Invitation(string id) => (InvitationEntity)Active(new EntityKey(EntityKinds.Invitation, id));

    public IAuditLog Audit(string workspaceId) => (AuditLog)Active(new EntityKey(EntityKinds.Audit, workspaceId));

    public IUsage Usage(string workspaceId) => (UsageLog)Active(new EntityKey(EntityKinds.Usage, workspaceId));

    public ISessionEvents Events(string workspaceId) => (SessionEvents)Active(new EntityKey(EntityKinds.Events, workspaceId));

    public ITraceIndex Traces(string workspaceId) => (TraceIndex)Active(new EntityKey(EntityKinds.TraceIndex, workspaceId));

    public ITrace Trace(string key) => (TraceEntity)Active(new EntityKey(EntityKinds.Trace, key));

    public ILogin Login(string key) => (LoginEntity)Active(new EntityKey(EntityKinds.Login, key));

    public IGateway Gateway(string incarnation) => (GatewayEntity)Active(new EntityKey(EntityKinds.Gateway, incarnation));

    public IRoster Roster(string name) => (Roster)Active(new EntityKey(EntityKinds.Roster, name));

    public IWorker Worker(string id) => _workers(id);

    /// <summary>Reads which alarms are set, then wakes entities when they are due and watches over the workers, until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _alarms.Restore(await _storage.AlarmsAsync(stopping));
        await Task.WhenAll(_alarms.RunAsync(stopping), _pool.RunAsync(stopping));
    }

    private async Task SetAlarmAsync(EntityKey entity, DateTimeOffset? due)
    {
        if (!_alarms.IsSet(entity, due))
        {
            await _storage.SetAlarmAsync(entity, due);
            _alarms.Set(entity, due);
        }
    }

    private IEntity? Find(EntityKey key) => EntityKinds.Known(key.Kind) ? Active(key) : null;

    private IEntity Active(EntityKey key)
    {
        if (_active.TryGetValue(key, out var entity))
        {
            return entity;
        }

        if (_active.Count >= _sweepAt)
        {
            Sweep();
        }

        return _active.GetOrAdd(key, static (key, self) => self.Create(key), this);
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
            EntityKinds.User => new UserEntity(key.Key, host, _options.Users ?? new UserOptions()),
            EntityKinds.Invitation => new InvitationEntity(key.Key, host),
            EntityKinds.Audit => new AuditLog(key.Key, host),
            EntityKinds.Usage => new UsageLog(key.Key, host),
            EntityKinds.Events => new SessionEvents(key.Key, host),
            EntityKinds.TraceIndex => new TraceIndex(key.Key, host),
            EntityKinds.Trace => new TraceEntity(host),
            EntityKinds.Login => new LoginEntity(host, _options.Logins ?? new LoginOptions()),
            EntityKinds.Gateway => new GatewayEntity(host, _options.Leases, key.Key),
            EntityKinds.Creation => new CreationEntity(host),
            EntityKinds.Roster => new Roster(key.Key, host),
            _ => throw new ArgumentException($"There is no entity of the kind {key.Kind}.", nameof(key)),
        };
    }

    /// <summary>Forgets what holds nothing that its record does not. One that is asked at this moment is merely made anew.</summary>
    private void Sweep()
    {
        foreach (var (key, entity) in _active)
        {
            if (entity.IsForgettable)
            {
                _active.TryRemove(key, out _);
            }
        }

        _sweepAt = Math.Max(SweepAfter, _active.Count * 2);
    }

    private sealed class Host(LocalEntities entities, EntityKey key) : IEntityHost
    {
        public TimeProvider Time => entities._time;

        public ILog Log => entities._storage.Log;

        public IEntities Entities => entities;

        public IStore<T> Store<T>() where T : class => entities._storage.Store<T>(key);

        public Task WakeAtAsync(DateTimeOffset? due) => entities.SetAlarmAsync(key, due);

        public Task<RecallAnswer> RecallAsync(string gateway, Recall recall, CancellationToken cancellationToken) =>
            entities._doors.RecallAsync(gateway, recall);
    }
}
