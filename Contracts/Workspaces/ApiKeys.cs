using System.Text.Json.Serialization;

namespace ControlPlane.Workspaces;

/// <summary>The body of <c>POST /api/workspaces/{ws}/api-keys</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateApiKeyRequest
{
    /// <summary>What the key is for, 1 to 100 characters.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// <c>sessions:read</c>, <c>sessions:write</c>, <c>workspaces:read</c>; all three when absent. The first two may be narrowed to one session:
    /// <c>sessions:write!session=ses-…</c>. Nothing that whoever makes the key may not do.
    /// </summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Seconds until the key stops working by itself, 1 to 31 536 000; never when absent.</summary>
    public int? ExpiresInSeconds { get; init; }
}

/// <summary>The body of <c>POST /api/workspaces/{ws}/api-keys/{id}/rotate</c>; it may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RotateApiKeyRequest
{
    /// <summary>Seconds for which the secret before works still, 0 to 604 800; 3 600 when absent. 0: it is dead everywhere when this answers.</summary>
    public int? GraceSeconds { get; init; }
}

/// <summary>A workspace's key as its administrators see it.</summary>
public sealed record ApiKey
{
    public required string Id { get; init; }
    public required string Label { get; init; }

    /// <summary>The start of the token, enough to recognise it by.</summary>
    public required string Prefix { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The whole token, in the answer that made it and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>A workspace's keys, newest first.</summary>
public sealed record ApiKeyList(IReadOnlyList<ApiKey> ApiKeys);

/// <summary>A workspace as its members see it.</summary>
public sealed record Workspace(string WorkspaceId, string Name, DateTimeOffset CreatedAt, string? Role);

/// <summary>The workspaces that a caller can act in.</summary>
public sealed record WorkspaceList(IReadOnlyList<Workspace> Workspaces);
