namespace ControlPlane.Sessions;

/// <summary>What ended a session, on the wire: one word, in its events and in why it is dead.</summary>
internal static class EndCauseWords
{
    public static string Word(this SessionEndCause cause) => cause switch
    {
        SessionEndCause.Stopped => "stopped",
        SessionEndCause.Idle => "idle",
        SessionEndCause.EndReached => "end_reached",
        SessionEndCause.WorkerLost => "worker_lost",
        SessionEndCause.StartFailed => "start_failed",
        SessionEndCause.NotLetIn => "not_let_in",
        _ => "restored",
    };
}
