using ControlPlane.Audit;
using ControlPlane.Creations;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Events;
using ControlPlane.Hosting;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.Operations;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>How a machine calls one entity, wherever an activation of it may be.</summary>
internal sealed class Line(Cluster cluster, Machine from, EntityKey key)
{
    public EntityKey Key => key;

    public Machine From => from;

    public Task<T> CallAsync<TEntity, T>(string name, Func<TEntity, CancellationToken, Task<T>> act, CancellationToken token) =>
        SendAsync<TEntity, T>(name, act, token);

    public Task CallAsync<TEntity>(string name, Func<TEntity, CancellationToken, Task> act, CancellationToken token) =>
        SendAsync<TEntity, bool>(name, act, token);

    private Task<T> SendAsync<TEntity, T>(string name, Func<TEntity, CancellationToken, Task> act, CancellationToken token)
    {
        var owner = cluster.OwnerOf(key);
        var told = cluster.Trace.IsOn ? $"{name} {key}" : name;
        return cluster.Network.CallAsync<T>(from, owner.Machine, told, limit => act((TEntity)owner.Entity(key), limit), token);
    }
}

/// <summary>The entities as one machine reaches them: over the network.</summary>
internal sealed class RemoteEntities(Cluster cluster, Machine from) : IEntities
{
    public IWorkerPool Workers { get; } = new RemoteWorkerPool(cluster, from);

    /// <summary>Told of each renewal and report that the machine sends.</summary>
    public GatewayProcess? Watched { get; init; }

    public ISession Session(string id) => new RemoteSession(To(EntityKinds.Session, id), Watched);

    public ICredential Credential(string id) => new RemoteCredential(To(EntityKinds.Credential, id));

    public IWorkspace Workspace(string id) => new RemoteWorkspace(To(EntityKinds.Workspace, id));

    public ISessionIndex Sessions(string workspaceId) => new RemoteSessionIndex(To(EntityKinds.SessionIndex, workspaceId));

    public IRoster Roster(string name) => new RemoteRoster(To(EntityKinds.Roster, name));

    public ICreation Creation(string key) => throw new NotSupportedException("No schedule repeats a creation by its key.");

    public IUser User(string id) => throw new NotSupportedException("No schedule has users of its own.");

    public IInvitation Invitation(string id) => throw new NotSupportedException("No schedule invites anybody.");

    public IAuditLog Audit(string workspaceId) => new RemoteAuditLog(To(EntityKinds.Audit, workspaceId));

    public IUsage Usage(string workspaceId) => new RemoteUsage(To(EntityKinds.Usage, workspaceId));

    public ISessionEvents Events(string workspaceId) => new RemoteEvents(To(EntityKinds.Events, workspaceId));

    public AgentTraces.ITraceIndex Traces(string workspaceId) => throw new NotSupportedException("No schedule sends traces.");

    public AgentTraces.ITrace Trace(string key) => throw new NotSupportedException("No schedule sends traces.");

    public Logins.ILogin Login(string key) => throw new NotSupportedException("No schedule has logins.");

    public IGateway Gateway(string incarnation) => new RemoteGateway(To(EntityKinds.Gateway, incarnation), Watched);

    public IWorker Worker(string id) => new RemoteWorker(cluster, from, cluster.Workers[id]);

    private Line To(string kind, string id) => new(cluster, from, new EntityKey(kind, id));
}
