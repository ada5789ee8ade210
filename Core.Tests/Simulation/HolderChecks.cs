using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Simulation;

/// <summary>
/// Whoever holds a fact is known to its owner: as a reader, if it was granted since the last taking-away, or as one who is still to be told of
/// the first taking-away after the grant. Looked at whenever an owner's record is written.
/// </summary>
internal sealed class HolderChecks(Cluster cluster)
{
    /// <summary>The versions of the saves that took something away, oldest first.</summary>
    private readonly Dictionary<EntityKey, List<long>> _takenAway = [];

    public void Written(EntityKey entity, long version, object? state)
    {
        if (state is SessionState session)
        {
            Written(entity, version, session.Readers, session.EndedAs);
        }
        else if (state is CredentialState credential)
        {
            Written(entity, version, credential.Readers, credential.RevokedAs);
        }
    }

    private void Written(EntityKey entity, long version, Readers readers, long endedAs)
    {
        if (!_takenAway.TryGetValue(entity, out var takenAway))
        {
            _takenAway[entity] = takenAway = [];
        }

        if (endedAs == version || readers.ToTell.Exists(pair => pair.Version == version))
        {
            takenAway.Add(version);
        }

        foreach (var gateway in cluster.Gateways)
        {
            if (gateway is { Machine.IsUp: true, LeaseStands: true, Incarnation: { } name })
            {
                foreach (var held in Held(gateway, entity))
                {
                    // Granted and taken away again by one save: then it is to be told of that.
                    var first = takenAway.Find(taken => taken > held);
                    var known = readers.ToTell.Contains(new Untold(name, held))
                        || (first == 0 ? readers.Current.Contains(name) : readers.ToTell.Contains(new Untold(name, first)));
                    if (!known)
                    {
                        cluster.Scheduler.Problem ??= new Violation(
                            "holders", $"{name} holds {entity} as of version {held}, and the record of version {version} does not know it.");
                    }
                }
            }
        }
    }

    /// <summary>The versions of the facts about an entity that a gateway decides on, or has decided on something that still runs.</summary>
    private IEnumerable<long> Held(GatewayProcess gateway, EntityKey entity) => entity.Kind == EntityKinds.Session
        ? gateway.Gateway.SessionFacts.All.Where(held => held.Fact.SessionId == entity.Key).Select(held => held.Version)
            .Concat(cluster.Streams.Versions(gateway, entity.Key))
        : gateway.Gateway.Credentials.All.Where(held => held.Fact.Id == entity.Key).Select(held => held.Version);
}
