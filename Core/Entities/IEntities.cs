using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Creations;
using ControlPlane.Credentials;
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

namespace ControlPlane.Entities;

/// <summary>How to reach an entity by its key, wherever it lives. Proxy, Api and the entities themselves are written against this alone.</summary>
public interface IEntities
{
    ISession Session(string id);

    ICredential Credential(string id);

    /// <summary>One <c>Idempotency-Key</c> of a workspace.</summary>
    ICreation Creation(string key);

    IWorkspace Workspace(string id);

    ISessionIndex Sessions(string workspaceId);

    IUser User(string id);

    /// <summary>A pending invitation, by the digest of its code.</summary>
    IInvitation Invitation(string id);

    IAuditLog Audit(string workspaceId);

    IUsage Usage(string workspaceId);

    ISessionEvents Events(string workspaceId);

    /// <summary>The traces that were sent to a workspace.</summary>
    ITraceIndex Traces(string workspaceId);

    /// <summary>The payloads of one of them, for that index alone.</summary>
    ITrace Trace(string key);

    /// <summary>A pending device login, by <see cref="UserCode.Key"/>.</summary>
    ILogin Login(string key);

    IGateway Gateway(string incarnation);

    /// <summary>One of the lists of names that an operator is shown.</summary>
    IRoster Roster(string name);

    IWorkerPool Workers { get; }

    /// <summary>The control port of one worker.</summary>
    IWorker Worker(string id);
}
