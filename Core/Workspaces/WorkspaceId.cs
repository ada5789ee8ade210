using ControlPlane.Sessions;

namespace ControlPlane.Workspaces;

/// <summary>Our workspace ids: <c>ws-</c> and the 26 characters of a session's id, which hold 128 random bits.</summary>
public static class WorkspaceId
{
    public static string New() => string.Concat("ws-", SessionId.New().AsSpan("ses-".Length));
}
