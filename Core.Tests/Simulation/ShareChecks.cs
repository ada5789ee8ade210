using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Simulation;

/// <summary>
/// What a gateway says of a budget share that is taken back, it says again when it is asked again: else what was left of the share is lost or
/// doubled. While its lease stands and the session is open; afterwards it knows nothing any more. A lease that has lapsed by a wall clock that is
/// moved back later seems to stand, so that is left out.
/// </summary>
internal sealed class ShareChecks(Cluster cluster)
{
    private readonly Dictionary<(string Gateway, Subject Session, long Share), int> _said = [];

    public void Said(RecallAnswer answer)
    {
        var at = cluster.Gateways.FirstOrDefault(gateway => gateway.Incarnation == answer.Incarnation);
        if (answer.Kind != RecallKind.Share || cluster.Profile.MovesWalls || at is not { Machine.IsUp: true, LeaseStands: true }
            || cluster.Storage.Peek<SessionState>(new EntityKey(EntityKinds.Session, answer.Subject.Key)) is not { IsOpen: true })
        {
            return;
        }

        if (!_said.TryAdd((answer.Incarnation, answer.Subject, answer.Share), answer.Unused)
            && _said[(answer.Incarnation, answer.Subject, answer.Share)] is var first && first != answer.Unused)
        {
            cluster.Scheduler.Problem ??= new Violation(
                "budget", $"{answer.Incarnation} said that {first} were left of share {answer.Share} of {answer.Subject}, and then {answer.Unused}.");
        }
    }
}
