using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Workspaces;

/// <summary>The workspaces that the caller can act in.</summary>
internal sealed class ListWorkspacesCommand : ArchalCommand
{
    public ListWorkspacesCommand(TimeProvider time)
        : base("list", "List the workspaces that you can act in; name one with --workspace or ARCHAL_WORKSPACE_ID.", time,
            "archal workspace list", "archal workspace list --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var workspaces = await invocation.Server.GetAsync("/api/workspaces", ContractsJson.Default.WorkspaceList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(workspaces, ContractsJson.Default.WorkspaceList);
            return ExitCodes.Good;
        }

        var table = new Table("ID", "NAME", "ROLE", "CREATED");
        foreach (var workspace in workspaces.Workspaces)
        {
            table.Add(workspace.WorkspaceId, workspace.Name, workspace.Role ?? "-", Durations.Text(workspace.CreatedAt));
        }

        table.Write();
        return ExitCodes.Good;
    }
}
