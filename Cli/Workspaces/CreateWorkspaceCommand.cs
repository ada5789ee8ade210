using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Workspaces;

/// <summary>Makes a workspace. In text its id alone is standard output, so that <c>export ARCHAL_WORKSPACE_ID=$(…)</c> works.</summary>
internal sealed class CreateWorkspaceCommand : ArchalCommand
{
    private readonly Argument<string> _name = new("name") { Description = "How it is called." };

    public CreateWorkspaceCommand(TimeProvider time)
        : base("create", "Make a workspace; you are its owner.", time,
            "archal workspace create 'Red team'", "export ARCHAL_WORKSPACE_ID=$(archal workspace create 'Red team')")
    {
        Arguments.Add(_name);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var workspace = await invocation.Server.PostAsync(
            "/api/workspaces",
            new NameWorkspaceRequest { Name = invocation.Parsed.GetRequiredValue(_name) },
            ContractsJson.Default.NameWorkspaceRequest,
            ContractsJson.Default.Workspace,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(workspace, ContractsJson.Default.Workspace);
            return ExitCodes.Good;
        }

        Screen.WriteLine(workspace.WorkspaceId);
        Screen.WriteRemark($"Workspace {workspace.WorkspaceId} ({workspace.Name}). Act in it with --workspace, or set ARCHAL_WORKSPACE_ID.");
        return ExitCodes.Good;
    }
}
