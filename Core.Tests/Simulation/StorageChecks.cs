using ControlPlane.Hosting;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>What must be true of each record that is written.</summary>
internal sealed class StorageChecks(Cluster cluster)
{
    /// <summary>Between the asking of the readers and the save of the end a stream may move once more.</summary>
    private static readonly TimeSpan AskedWithin = TimeSpan.FromSeconds(1.2);

    private readonly HashSet<EntityKey> _ended = [];

    public void Written(EntityKey entity, long version, object? state)
    {
        if (state is SessionState { Status: SessionStatus.Ended } session && _ended.Add(entity))
        {
            EndedFairly(entity.Key, session);
        }
        else if (state is WorkspaceState workspace && workspace.Live.Count > Cluster.Quota)
        {
            cluster.Scheduler.Problem ??= new Violation("quota", $"{workspace.Live.Count} sessions are live, and {Cluster.Quota} may be.");
        }
    }

    /// <summary>A session that nobody stopped, and whose time is not over, was idle: no gateway has used it for that long.</summary>
    private void EndedFairly(string id, SessionState session)
    {
        var now = cluster.Scheduler.Now;
        var known = cluster.History.Sessions.Find(other => other.Id == id);
        if (known is null or { StopAsked: true } || cluster.Profile.MovesWalls || session.EndAt <= MachineClock.Start + TimeSpan.FromTicks(now + (now / 50)))
        {
            return;
        }

        var tolerance = cluster.Profile.Drifts ? now / 50 : TimeSpan.TicksPerMillisecond;

        // A request that is held up in the middle has looked at its clock before, and is seen to pass only after.
        tolerance += cluster.Profile.Preempts > 0 ? 2 * SimulatedRequest.HeldUp.Ticks : 0;
        var asked = now - AskedWithin.Ticks - (cluster.Profile.StoreLate > 0 ? TimeSpan.FromSeconds(8).Ticks : 0);
        var last = known.Uses.FindLast(use => use < asked);
        if (last > 0 && now - last < cluster.Profile.Idle.Ticks - tolerance)
        {
            cluster.Scheduler.Problem ??= new Violation(
                "idle expiry", $"{id} was ended as idle, and was used {TimeSpan.FromTicks(now - last)} before; its limit is {cluster.Profile.Idle}.");
        }
    }
}
