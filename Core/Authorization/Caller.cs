using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Authorization;

/// <summary>Who calls: a credential that stands, acting in one workspace. Every session call names its caller.</summary>
/// <param name="Role">The user's role in the workspace; null for a workspace's key, which has none.</param>
/// <param name="From">The address that the call came from, for histories; null when nobody wants to know.</param>
public sealed record Caller(
    string CredentialId, CredentialKind Kind, string WorkspaceId, string? UserId, Role? Role, Scopes Scopes, string? From = null)
{
    /// <summary>How histories name the caller.</summary>
    public string Name => UserId is { } user ? $"user:{user}" : $"key:{CredentialId}";

    /// <exception cref="ControlPlaneException">403 <c>scope_missing</c>.</exception>
    public void Must(Scopes needed)
    {
        if (!Scopes.Allows(needed))
        {
            throw new ControlPlaneException(ScopeMissing(needed));
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

    public static Refusal ScopeMissing(Scopes needed) => new(
        ErrorCode.ScopeMissing, $"The credential lacks the scope {string.Join(", ", needed.ToWords())}. A key's scopes never change: make another key.");
}
