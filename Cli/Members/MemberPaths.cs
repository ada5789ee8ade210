using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Members;

/// <summary>Where a workspace's members and open invitations are.</summary>
internal static class MemberPaths
{
    public static async Task<string> AllAsync(Invocation invocation, CancellationToken cancellationToken) =>
        $"{await WorkspaceAsync(invocation, cancellationToken)}/members";

    public static async Task<string> OneAsync(Invocation invocation, string user, CancellationToken cancellationToken) =>
        $"{await AllAsync(invocation, cancellationToken)}/{UrlId.Checked(user, "user")}";

    public static async Task<string> InvitationsAsync(Invocation invocation, CancellationToken cancellationToken) =>
        $"{await WorkspaceAsync(invocation, cancellationToken)}/invitations";

    public static async Task<string> InvitationAsync(Invocation invocation, string invitation, CancellationToken cancellationToken) =>
        $"{await InvitationsAsync(invocation, cancellationToken)}/{UrlId.Checked(invitation, "invitation")}";

    private static async Task<string> WorkspaceAsync(Invocation invocation, CancellationToken cancellationToken) =>
        $"/api/workspaces/{UrlId.Checked(await invocation.WorkspaceAsync(cancellationToken), "workspace")}";
}
