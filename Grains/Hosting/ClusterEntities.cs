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
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane.Hosting;

/// <summary>Reaches entities that live as grains, from silos and from their clients alike.</summary>
/// <param name="ports">How to reach workers' control ports: silos alone can.</param>
internal sealed class ClusterEntities(IGrainFactory grains, CallLimits limits, IWorkerPorts? ports = null) : IEntities
{
    public IWorkerPool Workers => Of<IWorkerPool, IWorkerPoolGrain>(IWorkerPoolGrain.TheOne);

    public ISession Session(string id) => Of<ISession, ISessionGrain>(id);

    public ICredential Credential(string id) => Of<ICredential, ICredentialGrain>(id);

    public ICreation Creation(string key) => Of<ICreation, ICreationGrain>(key);

    public IWorkspace Workspace(string id) => Of<IWorkspace, IWorkspaceGrain>(id);

    public ISessionIndex Sessions(string workspaceId) => Of<ISessionIndex, ISessionIndexGrain>(workspaceId);

    public IUser User(string id) => Of<IUser, IUserGrain>(id);

    public IInvitation Invitation(string id) => Of<IInvitation, IInvitationGrain>(id);

    public IAuditLog Audit(string workspaceId) => Of<IAuditLog, IAuditLogGrain>(workspaceId);

    public IUsage Usage(string workspaceId) => Of<IUsage, IUsageGrain>(workspaceId);

    public ISessionEvents Events(string workspaceId) => Of<ISessionEvents, ISessionEventsGrain>(workspaceId);

    public ITraceIndex Traces(string workspaceId) => Of<ITraceIndex, ITraceIndexGrain>(workspaceId);

    public ITrace Trace(string key) => Of<ITrace, ITraceGrain>(key);

    public ILogin Login(string key) => Of<ILogin, ILoginGrain>(key);

    // Leases and recalls have their own way of asking again.
    public IGateway Gateway(string incarnation) => grains.GetGrain<IGatewayGrain>(incarnation);

    public IRoster Roster(string name) => Of<IRoster, IRosterGrain>(name);

    public IWorker Worker(string id) => (ports ?? throw new NotSupportedException("Only silos speak to workers' control ports.")).Port(id);

    private T Of<T, TGrain>(string key) where T : class where TGrain : IGrainWithStringKey, T => Persistent.Around<T>(grains.GetGrain<TGrain>(key), limits, isTold: ports is not null);
}
