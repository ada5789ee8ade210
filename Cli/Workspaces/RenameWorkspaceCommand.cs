using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Workspaces;

/// <summary>Gives a workspace another name; its id stays.</summary>
internal sealed class RenameWorkspaceCommand : ArchalCommand
{
    private readonly Argument<string> _name = new("name") { Description = "How it is called from now on." };

    public RenameWorkspaceCommand(TimeProvider time)
        : base("rename", "Give a workspace another name.", time, "archal workspace rename 'Blue team'")
    {
        Arguments.Add(_name);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = await invocation.WorkspaceAsync(cancellationToken);
        var workspace = await invocation.Server.SendAsync(
            HttpMethod.Patch,
            $"/api/workspaces/{UrlId.Checked(id, "workspace")}",
            new NameWorkspaceRequest { Name = invocation.Parsed.GetRequiredValue(_name) },
            ContractsJson.Default.NameWorkspaceRequest,
            ContractsJson.Default.Workspace,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(workspace, ContractsJson.Default.Workspace);
        }
        else
        {
            Screen.WriteLine($"Workspace {workspace.WorkspaceId} is called {workspace.Name}.");
        }

        return ExitCodes.Good;
    }
}
