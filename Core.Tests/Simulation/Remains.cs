using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>What is left at the end of a schedule: in the records, in the gateways' tables, and on the workers.</summary>
internal sealed class Remains(Cluster cluster)
{
    /// <summary>What is still to be done by the records that there are; null: nothing.</summary>
    public string? Unsettled()
    {
        foreach (var entity in cluster.Storage.Keys)
        {
            var left = entity.Kind switch
            {
                EntityKinds.Session => cluster.Storage.Peek<SessionState>(entity) is { } state && (!state.ToDo.IsEmpty || !state.Readers.ToTell.IsEmpty),
                EntityKinds.Credential => cluster.Storage.Peek<CredentialState>(entity) is { Readers.ToTell.IsEmpty: false },
                EntityKinds.Workspace => cluster.Storage.Peek<WorkspaceState>(entity) is { ToMake.IsEmpty: false },
                EntityKinds.Gateway => cluster.Storage.Peek<GatewayState>(entity) is { Recalls.IsEmpty: false },
                _ => false,
            };
            if (left)
            {
                return $"{entity} has not come to rest";
            }
        }

        return null;
    }

    /// <summary>What is left though everything was taken away; null: nothing.</summary>
    public string? Left()
    {
        foreach (var gateway in cluster.Gateways)
        {
            var (facts, names, accounts, requests, questions) = gateway.Gateway.Tables;
            var tokens = cluster.History.Keys.Count(key => key.Kind != CredentialKind.WorkspaceKey);
            if (facts > 2 * tokens || names > tokens || accounts > 0 || requests > 0 || questions > 0)
            {
                return $"{gateway.Machine.Name} holds {facts} facts, {names} names, {accounts} accounts, {requests} requests, {questions} questions";
            }
        }

        var running = cluster.Workers.Values.Sum(worker => worker.Running.Count);
        if (running > 0)
        {
            return $"{running} placements run, and every session has ended";
        }

        // A reservation that is repeated or late can arrive after the release; the session gives it back when it is forgotten.
        var isExact = cluster.Profile is { Repeated: 0, Late: 0, Dawdles: 0, Freezes: false, Suspends: false };
        if (isExact && cluster.Storage.Peek<WorkspaceState>(new EntityKey(EntityKinds.Workspace, Clients.WorkspaceId)) is { Live.Count: > 0 } workspace)
        {
            return $"{workspace.Live.Count} places are taken, and every session has ended";
        }

        return Unsettled();
    }
}
