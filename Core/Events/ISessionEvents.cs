namespace ControlPlane.Events;

/// <summary>What happened to the sessions of a workspace, in one order. Keyed by workspace id.</summary>
public interface ISessionEvents
{
    /// <summary>
    /// Appends what happened, but for what is known already: a session is created, runs and is over once, and nothing happens to it
    /// afterwards.
    /// </summary>
    /// <exception cref="Errors.ControlPlaneException">503: the log cannot be written now.</exception>
    Task RecordAsync(IReadOnlyList<SessionEvent> happened, CancellationToken cancellationToken = default);

    /// <summary>What comes next. One that waits answers as soon as there is something, or after <see cref="SessionEvents.LongestWait"/> with nothing.</summary>
    /// <exception cref="Errors.ControlPlaneException">503: the log cannot be read now.</exception>
    Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancellationToken = default);
}

/// <param name="After">The number of the last one that is known; null: of one session all that are kept, of the workspace those from now on.</param>
/// <param name="SessionId">Only of this session; null: of all.</param>
/// <param name="Waits">Whether it waits when there is nothing.</param>
public sealed record EventQuery(long? After, string? SessionId, int Limit, bool Waits = false);

/// <summary>An event with its number, which counts the workspace's events from 1.</summary>
public sealed record NumberedEvent(long Number, SessionEvent Event);

/// <param name="Last">All up to this one have been looked at: ask for what is after it.</param>
/// <param name="IsGone">What was asked for is not kept any more, or never was: some may be missing.</param>
public sealed record EventPage(IReadOnlyList<NumberedEvent> Events, long Last, bool IsGone = false);
