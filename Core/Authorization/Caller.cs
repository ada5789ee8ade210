using System.Text.Json.Serialization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Authorization;

/// <summary>Who calls: a credential that stands, acting in one workspace. Every session call names its caller.</summary>
/// <param name="Role">The user's role in the workspace; null for a workspace's key, which has none.</param>
/// <param name="SessionId">The one session that the scopes about sessions are for; null: every one of the workspace.</param>
/// <param name="From">The address that the call came from, for histories; null when nobody wants to know.</param>
public sealed record Caller(
    string CredentialId, CredentialKind Kind, string WorkspaceId, string? UserId, Role? Role, Scopes Scopes, string? SessionId = null,
    string? From = null)
{
    [JsonIgnore]
    public Grant Grant => new(Scopes, SessionId);

    /// <summary>How histories name the caller.</summary>
    public string Name => UserId is { } user ? $"user:{user}" : $"key:{CredentialId}";

    /// <summary>The caller may do this to one session; null: to every one, and make others.</summary>
    /// <exception cref="ControlPlaneException">403 <c>scope_missing</c>.</exception>
    public void Must(Scopes needed, string? sessionId = null)
    {
        if (!Grant.Allows(needed, sessionId))
        {
            throw new ControlPlaneException(ScopeMissing(needed, Grant));
        }
    }

    /// <summary>Nobody makes a credential that may do more than he.</summary>
    /// <exception cref="ControlPlaneException">403 <c>scope_missing</c>.</exception>
    public void MustCover(Grant made)
    {
        if (!Grant.Covers(made))
        {
            throw new ControlPlaneException(
                ErrorCode.ScopeMissing,
                $"A credential with {Words(Grant)} makes no key with {Words(made)}: nobody gives what he has not got. Name fewer scopes, or use another token.");
        }
    }

    /// <summary>Keys, members and audit are for administrators of the workspace; a workspace's key never is one.</summary>
    /// <exception cref="ControlPlaneException">403 <c>role_missing</c>.</exception>
    public void MustAdminister()
    {
        if (Role is not (Workspaces.Role.Owner or Workspaces.Role.Admin))
        {
            throw new ControlPlaneException(ErrorCode.RoleMissing, Kind == CredentialKind.WorkspaceKey
                ? "A workspace key never administers keys. Use the personal token of an owner or admin."
                : "This needs the role owner or admin in the workspace.");
        }
    }

    /// <summary>What a credential is told that lacks a scope, or has it for another session.</summary>
    public static Refusal ScopeMissing(Scopes needed, Grant granted) => new(
        ErrorCode.ScopeMissing, granted.SessionId is not null && granted.Scopes.Allows(needed)
            ? $"The credential's scope {Words(granted with { Scopes = needed })} is for that session alone. Make another key."
            : $"The credential lacks the scope {string.Join(", ", needed.ToWords())}. A key's scopes never change: make another key.");

    private static string Words(Grant grant) => grant.Scopes == Scopes.None ? "no scope" : string.Join(", ", grant.ToWords());
}
