using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Workspaces;

/// <summary>Where a workspace's keys are. Their paths name the workspace, so it is asked for when the caller has not named it.</summary>
internal static class ApiKeyPaths
{
    public static string All(string workspace) => $"/api/workspaces/{UrlId.Checked(workspace, "workspace")}/api-keys";

    public static string One(string workspace, string key) => $"{All(workspace)}/{UrlId.Checked(key, "key")}";

    public static Task<string> WorkspaceAsync(Invocation invocation, CancellationToken cancellationToken) => invocation.WorkspaceAsync(cancellationToken);
}
