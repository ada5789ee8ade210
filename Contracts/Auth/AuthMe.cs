namespace ControlPlane.Auth;

/// <summary>The answer of <c>GET /auth/me</c>: the published fields, and what is ours.</summary>
public sealed record AuthMe
{
    public required string UserId { get; init; }
    public string? Email { get; init; }
    public required string Plan { get; init; }
    public required IReadOnlyList<string> SelectedCloneIds { get; init; }
    public bool ManagedEvaluatorAvailable { get; init; }

    /// <summary><c>workspace_key</c>, <c>personal</c> or <c>login</c>.</summary>
    public required string CredentialKind { get; init; }

    /// <summary>The workspace that requests with this credential act in.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The user's role there; null for a workspace's key.</summary>
    public string? Role { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
