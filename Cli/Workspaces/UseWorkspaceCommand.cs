using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Workspaces;

/// <summary>Chooses the workspace that the profile acts in from now on. The server is asked first: whoever is not in it hears so at once.</summary>
internal sealed class UseWorkspaceCommand : ArchalCommand
{
    private readonly Argument<string> _id = new("workspace-id") { Description = "Its id, as 'archal workspace list' shows it." };

    public UseWorkspaceCommand(TimeProvider time)
        : base("use", "Act in a workspace from now on: it is stored for the profile.", time,
            "archal workspace use ws-two", "archal workspace use ws-two --profile work", "archal config unset workspace      (to go back)")
    {
        Arguments.Add(_id);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = UrlId.Checked(invocation.Parsed.GetRequiredValue(_id).Trim(), "workspace");
        var workspaces = await invocation.ServerOfAnyWorkspace.GetAsync("/api/workspaces", ContractsJson.Default.WorkspaceList, cancellationToken);
        var workspace = workspaces.Workspaces.FirstOrDefault(one => one.WorkspaceId == id)
            ?? throw new CommandFailure($"You are in no workspace {id}. See those that you are in with: archal workspace list");
        invocation.Configuration.Change(values => values with { Workspace = id });
        Screen.WriteLine($"The profile {invocation.Profile} acts in {id} ({workspace.Name}).");
        if (ArchalVariables.Read(ArchalVariables.WorkspaceId) is not null)
        {
            Screen.WriteRemark($"{ArchalVariables.WorkspaceId} is set and goes before it.");
        }

        return ExitCodes.Good;
    }
}
