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
public sealed class ClusterEntities(IGrainFactory grains, IWorkerPorts? ports = null) : IEntities
{
    public IWorkerPool Workers => grains.GetGrain<IWorkerPoolGrain>(IWorkerPoolGrain.TheOne);

    public ISession Session(string id) => grains.GetGrain<ISessionGrain>(id);

    public ICredential Credential(string id) => grains.GetGrain<ICredentialGrain>(id);

    public ICreation Creation(string key) => grains.GetGrain<ICreationGrain>(key);

    public IWorkspace Workspace(string id) => grains.GetGrain<IWorkspaceGrain>(id);

    public ISessionIndex Sessions(string workspaceId) => grains.GetGrain<ISessionIndexGrain>(workspaceId);

    public IUser User(string id) => grains.GetGrain<IUserGrain>(id);

    public IInvitation Invitation(string id) => grains.GetGrain<IInvitationGrain>(id);

    public IAuditLog Audit(string workspaceId) => grains.GetGrain<IAuditLogGrain>(workspaceId);

    public IUsage Usage(string workspaceId) => grains.GetGrain<IUsageGrain>(workspaceId);

    public ISessionEvents Events(string workspaceId) => grains.GetGrain<ISessionEventsGrain>(workspaceId);

    public ITraceIndex Traces(string workspaceId) => grains.GetGrain<ITraceIndexGrain>(workspaceId);

    public ITrace Trace(string key) => grains.GetGrain<ITraceGrain>(key);

    public ILogin Login(string key) => grains.GetGrain<ILoginGrain>(key);

    public IGateway Gateway(string incarnation) => grains.GetGrain<IGatewayGrain>(incarnation);

    public IRoster Roster(string name) => grains.GetGrain<IRosterGrain>(name);

    public IWorker Worker(string id) => (ports ?? throw new NotSupportedException("Only silos speak to workers' control ports.")).Port(id);
}
