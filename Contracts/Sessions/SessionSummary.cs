using System.Text.Json;

namespace ControlPlane.Sessions;

/// <summary>A session as callers see it: the published summary and what is ours.</summary>
public sealed record SessionSummary
{
    public required string SessionId { get; init; }

    /// <summary><c>starting</c>, <c>running</c>, <c>ended</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    public bool Alive { get; init; }
    public required IReadOnlyList<string> CloneIds { get; init; }

    /// <summary>Clone name → its base URL without <c>/api</c>.</summary>
    public required IReadOnlyDictionary<string, string> Endpoints { get; init; }

    /// <summary>Clone name → the URL for MCP clients.</summary>
    public required IReadOnlyDictionary<string, string> Mcp { get; init; }

    /// <summary>Clone name → the base URL that a service's own SDK is pointed at.</summary>
    public required IReadOnlyDictionary<string, string> ApiBaseUrls { get; init; }

    public required IReadOnlyDictionary<string, string> ResolvedSeeds { get; init; }
    public required string RuntimeProvider { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The earlier of the two deadlines.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
    public string? LastError { get; init; }
    public required string WorkspaceId { get; init; }
    public required string CreatedBy { get; init; }
    public string? Name { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public int? TtlSeconds { get; init; }
    public int? RateLimit { get; init; }
    public string? ScenarioId { get; init; }
    public string? BatchId { get; init; }
    public string? Transport { get; init; }
    public int? ScenarioRunCount { get; init; }
    public JsonElement? Routing { get; init; }
    public JsonElement? Source { get; init; }
    public JsonElement? Credential { get; init; }
    public JsonElement? RunConfig { get; init; }
    public JsonElement? ScenarioDraft { get; init; }
    public JsonElement? RunProject { get; init; }

    /// <summary>True in the answer to a request that was only checked: nothing was created, and <c>sessionId</c> is empty.</summary>
    public bool? PreflightOnly { get; init; }
}

/// <summary>A page of sessions, newest first.</summary>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null on the last one.</param>
public sealed record SessionList(IReadOnlyList<SessionSummary> Sessions, string? NextCursor = null);

/// <summary>Why a session is alive, and until when.</summary>
public sealed record SessionLiveness
{
    public required string SessionId { get; init; }
    public required string Status { get; init; }
    public bool Alive { get; init; }

    /// <summary>The earlier of the two deadlines, and the moment the session ends if nothing happens.</summary>
    public required DateTimeOffset AliveUntil { get; init; }

    /// <summary>Which deadline that is: <c>idle</c> or <c>end</c>; <c>ended</c> or <c>failed</c> when it is over.</summary>
    public required string Because { get; init; }

    public required DateTimeOffset IdleAt { get; init; }
    public required DateTimeOffset EndAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public int IdleSeconds { get; init; }

    /// <summary>Requests left in the session's budget; null when it has none.</summary>
    public int? RequestsLeft { get; init; }

    public string? LastError { get; init; }
}
