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

/// <summary>Only the entities that a test gives; any other is not expected to be called.</summary>
internal sealed class FewEntities : IEntities
{
    public Func<string, IGateway>? Gateways { get; init; }

    public Func<string, ICredential>? Credentials { get; init; }

    public IWorkerPool Workers => throw new NotSupportedException();

    public ISession Session(string id) => throw new NotSupportedException();

    public ICredential Credential(string id) => Credentials?.Invoke(id) ?? throw new NotSupportedException();

    public ICreation Creation(string key) => throw new NotSupportedException();

    public IWorkspace Workspace(string id) => throw new NotSupportedException();

    public ISessionIndex Sessions(string workspaceId) => throw new NotSupportedException();

    public IUser User(string id) => throw new NotSupportedException();

    public IInvitation Invitation(string id) => throw new NotSupportedException();

    public IAuditLog Audit(string workspaceId) => throw new NotSupportedException();

    public IUsage Usage(string workspaceId) => throw new NotSupportedException();

    public ISessionEvents Events(string workspaceId) => throw new NotSupportedException();

    public AgentTraces.ITraceIndex Traces(string workspaceId) => throw new NotSupportedException();

    public AgentTraces.ITrace Trace(string key) => throw new NotSupportedException();

    public ILogin Login(string key) => throw new NotSupportedException();

    public IGateway Gateway(string incarnation) => Gateways?.Invoke(incarnation) ?? throw new NotSupportedException();

    public IRoster Roster(string name) => throw new NotSupportedException();

    public IWorker Worker(string id) => throw new NotSupportedException();
}
