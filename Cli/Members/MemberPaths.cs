using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Members;

/// <summary>Where a workspace's members are.</summary>
internal static class MemberPaths
{
    public static async Task<string> AllAsync(Invocation invocation, CancellationToken cancellationToken) =>
        $"/api/workspaces/{UrlId.Checked(await invocation.WorkspaceAsync(cancellationToken), "workspace")}/members";

    public static async Task<string> OneAsync(Invocation invocation, string user, CancellationToken cancellationToken) =>
        $"{await AllAsync(invocation, cancellationToken)}/{UrlId.Checked(user, "user")}";
}
