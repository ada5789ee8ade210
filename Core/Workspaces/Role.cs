namespace ControlPlane.Workspaces;

/// <summary>A user's role in a workspace; stored as a word. Each may do all that the ones after it may.</summary>
public enum Role
{
    Owner,
    Admin,
    Member,
}
