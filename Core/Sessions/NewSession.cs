using System.Text.Json;

namespace ControlPlane.Sessions;

/// <summary>What a session is made from, checked.</summary>
/// <param name="Clones">Clone name → seed, in the caller's order.</param>
/// <param name="Echo">Published fields that mean nothing here, kept as they came.</param>
public sealed record NewSession(
    IReadOnlyList<PlacedClone> Clones, TimeSpan? Ttl, int? RateLimit, string? Name, IReadOnlyDictionary<string, string>? Labels,
    IReadOnlyDictionary<string, JsonElement>? Echo);

/// <summary>A clone of a session and the seed it starts from.</summary>
public sealed record PlacedClone(string CloneName, string Seed);

/// <summary>Where a session stands; stored as a word, never reused.</summary>
public enum SessionStatus
{
    Starting,
    Running,
    Ended,
    Failed,
}

/// <summary>A session as its workspace sees it.</summary>
public sealed record SessionView(
    string Id, string WorkspaceId, string CreatedBy, NewSession Made, SessionStatus Status, DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt, DateTimeOffset IdleAt, DateTimeOffset EndAt, TimeSpan IdleLimit, DateTimeOffset? EndedAt, string? LastError,
    int? RequestsLeft);
