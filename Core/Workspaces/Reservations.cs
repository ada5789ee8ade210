using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>Whether one more session may live in a workspace. A function of what is stored.</summary>
internal static class Reservations
{
    /// <summary>Takes a place for a session; null: it has one.</summary>
    public static Decision<WorkspaceState, Refusal?> Decide(
        WorkspaceState? state, string workspaceId, string sessionId, WorkspaceOptions options, DateTimeOffset now) => state switch
        {
            null => Decision<WorkspaceState, Refusal?>.Keep(new Refusal(ErrorCode.NotFound, $"There is no workspace {workspaceId}.")),
            _ when state.Live.Contains(sessionId) => Decision<WorkspaceState, Refusal?>.Keep(null),
            _ when state.HasReleased(sessionId) => Decision<WorkspaceState, Refusal?>.Keep(
                new Refusal(ErrorCode.SessionEnded, "The session has ended and given its place back.")),
            _ when state.Live.Count >= options.MaxLiveSessions => Decision<WorkspaceState, Refusal?>.Keep(new Refusal(
                ErrorCode.QuotaExceeded, $"The workspace has {options.MaxLiveSessions} live sessions, as many as it may. Stop one first.",
                TimeSpan.FromSeconds(10))),
            _ when state.UntilNextStart(options.SessionsPerMinute, now) is { Ticks: > 0 } wait => Decision<WorkspaceState, Refusal?>.Keep(new Refusal(
                ErrorCode.QuotaExceeded, $"The workspace started {options.SessionsPerMinute} sessions within a minute, as many as it may.", wait)),
            _ when state.IsFullOfActs() => Decision<WorkspaceState, Refusal?>.Keep(new Refusal(
                ErrorCode.ControlPlaneUnavailable, "The audit log cannot be written now, and too much waits for it. Try again.", TimeSpan.FromSeconds(2))),
            _ => Decision<WorkspaceState, Refusal?>.Save(state.Reserved(sessionId, now), null),
        };
}
