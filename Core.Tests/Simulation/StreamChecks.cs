namespace ControlPlane.Simulation;

/// <summary>
/// What must be true of the streams that run when a taking-away is acknowledged: each of them was cut, also one on which nothing moves. A
/// gateway that is frozen or without a lease cuts when it goes on; until then its streams pass nothing.
/// </summary>
internal sealed class StreamChecks(Cluster cluster)
{
    private readonly HashSet<SimulatedRequest> _open = [];

    public void Opened(SimulatedRequest stream) => _open.Add(stream);

    public void Closed(SimulatedRequest stream) => _open.Remove(stream);

    /// <summary>The versions of the session's fact on which something runs at a gateway.</summary>
    public IEnumerable<long> Versions(GatewayProcess gateway, string sessionId) => _open
        .Where(stream => stream.At == gateway && !stream.WasCut && stream.Session?.Fact.SessionId == sessionId)
        .Select(stream => stream.Session!.Version);

    public void MustBeCut(KnownKey key) => MustBeCut(stream => stream.Key == key, key.Id);

    public void MustBeCut(KnownUser user) => MustBeCut(stream => stream.Key.User == user, user.Id);

    public void MustBeCut(KnownSession session) => MustBeCut(stream => stream.Wanted == session, session.Id);

    private void MustBeCut(Func<SimulatedRequest, bool> concerned, string what)
    {
        foreach (var stream in _open)
        {
            if (concerned(stream) && !stream.WasCut && !stream.At.Machine.IsFrozen && stream.At.LeaseStands)
            {
                cluster.Scheduler.Problem ??= new Violation(
                    "quiet streams", $"a stream at {stream.At.Machine.Name} on {what} was not cut when that was acknowledged.");
            }
        }
    }
}
