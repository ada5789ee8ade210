using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ControlPlane.Commands;

/// <summary>The usual help, and under it how the command is called.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in ExamplesOf(parseResult.CommandResult.Command))
        {
            output.WriteLine($"  {example}");
        }

        return ExitCodes.Good;
    }

    // A command that only holds others shows the first example of each.
    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is ArchalCommand { Examples: { Count: > 0 } own }
            ? own
            : command.Subcommands.SelectMany(inner => ExamplesOf(inner).Take(1));
}
