namespace ControlPlane.Sessions;

/// <summary>What ended a session; stored as a word, never reused.</summary>
public enum SessionEndCause
{
    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>Nobody used it for its idle limit.</summary>
    Idle,

    /// <summary>Its absolute end was reached.</summary>
    EndReached,

    /// <summary>Its worker did not come back in time.</summary>
    WorkerLost,

    /// <summary>Its clones could not be started.</summary>
    StartFailed,

    /// <summary>There was no room for it: a quota, or no worker.</summary>
    NotLetIn,

    /// <summary>The control plane was restored from a backup, and the worker does not hold its clones.</summary>
    Restored,
}

/// <summary>Because of what a session is over.</summary>
/// <param name="By">Who stopped it, as histories name callers; null when nobody did.</param>
/// <param name="From">The address that the call to stop it came from.</param>
public sealed record SessionEnding(SessionEndCause Cause, string? By = null, string? From = null);
