namespace ControlPlane.Sessions;

/// <summary>A workspace's sessions as a list, fed by the sessions themselves. An index, never a right. Keyed by workspace id.</summary>
public interface ISessionIndex
{
    /// <summary>Takes how a session stands. The same or an older version once more is harmless.</summary>
    Task RecordAsync(SessionListing listing, CancellationToken cancellationToken = default);

    /// <summary>A page, newest first.</summary>
    Task<SessionPage> PageAsync(SessionQuery query, CancellationToken cancellationToken = default);
}

/// <param name="Version">Of the session's record when this was so.</param>
/// <param name="Forgotten">The session's record is gone; the index forgets it too.</param>
public sealed record SessionListing(
    string SessionId, long Version, SessionStatus Status, DateTimeOffset CreatedAt, IReadOnlyList<string> Clones,
    IReadOnlyDictionary<string, string>? Labels, bool Forgotten = false)
{
    public static SessionListing Of(string id, SessionState state, long version) => new(
        id, version, state.Status, state.CreatedAt, [.. state.Made.Clones.Select(clone => clone.CloneName)], state.Made.Labels);
}

/// <param name="Statuses">Which to list; empty: all.</param>
/// <param name="Label">Only with this label; the value null means any.</param>
/// <param name="After">The cursor of the page before; null: from the newest on.</param>
/// <param name="SessionId">Only this one; null: any.</param>
public sealed record SessionQuery(
    IReadOnlyList<SessionStatus> Statuses, KeyValuePair<string, string?>? Label, string? CloneName, int Limit, string? After, string? SessionId = null);

/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record SessionPage(IReadOnlyList<string> SessionIds, string? Next);
