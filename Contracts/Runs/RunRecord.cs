using ControlPlane.AgentTraces;
using ControlPlane.Sessions;

namespace ControlPlane.Runs;

/// <summary>What one run was: the session that was started for it, and the traces that were sent about it.</summary>
/// <param name="RunId">The id of its session.</param>
/// <param name="Status">The session's.</param>
/// <param name="DurationSeconds">From the session's start to its end, or to now.</param>
/// <param name="Traces">The latest 100 trace roots of the session, newest first.</param>
public sealed record RunRecord(string RunId, string Status, double DurationSeconds, SessionSummary Session, IReadOnlyList<TraceRoot> Traces);
