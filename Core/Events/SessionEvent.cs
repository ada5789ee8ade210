using ControlPlane.Sessions;

namespace ControlPlane.Events;

/// <summary>What can happen to a session; stored as a word, never reused.</summary>
public enum SessionEventKind
{
    Created,
    Running,
    Renewed,

    /// <summary>A clone has another seed or state.</summary>
    Seeded,

    /// <summary>A clone, or every clone, is as the session was created.</summary>
    Reset,

    /// <summary>Other faults are injected into a clone's answers from now on, or none.</summary>
    FaultsSet,
    Ended,
    Failed,
}

/// <summary>Something that happened to a session, as it is stored.</summary>
/// <param name="By">Who did it, as histories name callers; null when nobody did.</param>
/// <param name="CloneName">Of one clone; null: of the session, or of every clone.</param>
/// <param name="Seed">What the clone was given; null: a whole state.</param>
/// <param name="Cause">Because of what it is over.</param>
/// <param name="ExpiresAt">Until when it lives after a renewal, if nobody uses it.</param>
public sealed record SessionEvent(
    string SessionId, SessionEventKind Kind, DateTimeOffset At, string? By = null, string? CloneName = null, string? Seed = null,
    SessionEndCause? Cause = null, string? LastError = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Nothing happens to the session after it.</summary>
    public static bool IsLast(SessionEventKind kind) => kind is SessionEventKind.Ended or SessionEventKind.Failed;

    /// <summary>How a session came to be as the change of this version left it: all of it, for what is known already is not told twice.</summary>
    internal static IReadOnlyList<SessionEvent> Of(string id, SessionState state, long change, DateTimeOffset now)
    {
        var created = new SessionEvent(id, SessionEventKind.Created, state.CreatedAt, state.CreatedBy);
        return state.EndedAt is { } end && change >= state.EndedAs
            ?
            [
                created,
                new SessionEvent(
                    id, state.Status == SessionStatus.Failed ? SessionEventKind.Failed : SessionEventKind.Ended, end, state.Ending?.By,
                    Cause: state.Ending?.Cause, LastError: state.LastError),
            ]
            : [created, new SessionEvent(id, SessionEventKind.Running, now)];
    }
}
