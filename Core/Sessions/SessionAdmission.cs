using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Sessions;

/// <summary>Whom a session obeys, and what it answers to a caller of its own workspace who wants to reach one of its clones. Pure.</summary>
internal static class SessionAdmission
{
    /// <summary>The state of a session, for a caller who may do this to it.</summary>
    /// <exception cref="ControlPlaneException">403: it is another workspace's, or the caller lacks the scope; 404: there is no such session.</exception>
    public static SessionState Permitted(string id, SessionState? state, Caller caller, Scopes needed)
    {
        if (state is not { Refused: null })
        {
            throw new ControlPlaneException(Refusals.Unknown);
        }

        if (state.WorkspaceId != caller.WorkspaceId)
        {
            throw new ControlPlaneException(Refusals.Forbidden);
        }

        caller.Must(needed, id);
        return state;
    }

    /// <summary>The answer that lets nobody in; null when the session would.</summary>
    public static SessionAnswer? Refuse(SessionState state, string cloneName, Uri? worker)
    {
        if (state is not { Status: SessionStatus.Running, Placement: not null })
        {
            return new SessionAnswer(state.WorkspaceId, state.Status, state.LastError, null);
        }

        var refusal = !state.Made.Clones.Any(placed => placed.CloneName == cloneName) ? Refusals.NoClone(cloneName)
            : state.Budget is { Left: <= 0 } ? Refusals.BudgetSpent
            : worker is null ? Refusals.WorkerAway
            : null;
        return refusal is null ? null : new SessionAnswer(state.WorkspaceId, state.Status, null, null, refusal);
    }

    /// <summary>The fact, as it is given with the save of this version.</summary>
    public static SessionAnswer Admit(string id, SessionState state, long version, Uri worker, DateTimeOffset now)
    {
        var placement = state.Placement ?? throw new InvalidOperationException("Only a placed session admits.");
        return new SessionAnswer(state.WorkspaceId, state.Status, null, new SessionFact(
            id, state.WorkspaceId, version, state.EndAt - now, placement.Epoch, worker, placement.Key,
            [.. state.Made.Clones.Select(clone => clone.CloneName)], state.Budget is not null));
    }
}
