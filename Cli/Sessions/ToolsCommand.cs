using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Sessions;

/// <summary>The operations that a clone offers. What is not among them is answered 404 by it.</summary>
internal sealed class ToolsCommand : ArchalCommand
{
    private readonly Argument<string> _clone = new("clone") { Description = "The clone, such as github." };

    public ToolsCommand(TimeProvider time)
        : base("tools", "List the operations that a clone offers.", time, "archal clone tools github", "archal clone tools github --json")
    {
        Arguments.Add(_clone);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var path = $"/api/clones/{UrlId.Checked(invocation.Parsed.GetRequiredValue(_clone), "clone")}/tools";
        var offered = await invocation.Server.GetAsync(path, ContractsJson.Default.CloneToolList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(offered, ContractsJson.Default.CloneToolList);
            return ExitCodes.Good;
        }

        var table = new Table("TOOL", "METHOD", "PATH");
        foreach (var tool in offered.Tools)
        {
            table.Add(tool.Name, tool.Method, tool.Path);
        }

        table.Write();
        return ExitCodes.Good;
    }
}
