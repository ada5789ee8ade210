using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>Changes to a session's record of which nothing has to be answered but whether they were one.</summary>
internal static class SessionEdits
{
    /// <summary>Saves the state that an edit makes of the one that is stored.</summary>
    /// <returns>Whether anything was saved; false: there is no such session, or the edit changed nothing.</returns>
    public static Task<bool> EditAsync(this Record<SessionState> record, Func<SessionState, long, SessionState> edit) => record.ChangeAsync(
        (state, version) => state is not null && edit(state, version) is var next && next != state
            ? Decision<SessionState, bool>.Save(next, true)
            : Decision<SessionState, bool>.Keep(false));
}
