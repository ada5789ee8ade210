using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>Gives a clone of a running session another seed, or a whole state from a file.</summary>
internal sealed class SeedCommand : ArchalCommand
{
    private readonly Argument<string> _clone = new("clone") { Description = "The clone, such as github." };
    private readonly Argument<string?> _name = new("name") { Description = "The name of one of its seeds.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _file = new("--file") { Description = "A whole state as JSON instead; - reads standard input.", HelpName = "F|-" };
    private readonly SessionChoice _session;

    public SeedCommand(TimeProvider time)
        : base("seed", "Give a clone another seed, or a whole state.", time, "archal clone seed github small-project", "archal clone seed github --file state.json")
    {
        Arguments.Add(_clone);
        Arguments.Add(_name);
        Options.Add(_file);
        _session = new(this, asArgument: false);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (clone, name, file) = (invocation.Parsed.GetRequiredValue(_clone), invocation.Parsed.GetValue(_name), invocation.Parsed.GetValue(_file));
        if (name is null == file is null)
        {
            throw CommandFailure.WrongUse("Give either the name of a seed or --file. 'archal clone' lists the seeds.");
        }

        var path = SessionPaths.Seed(_session.Id(invocation), clone);
        var request = new SeedCloneRequest { Seed = name, State = file is null ? null : await StateFile.ReadAsync(file, cancellationToken) };
        var session = await invocation.Server.PostAsync(
            path, request, ContractsJson.Default.SeedCloneRequest, ContractsJson.Default.SessionSummary, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(session, ContractsJson.Default.SessionSummary);
        }
        else
        {
            Screen.WriteLine($"Seeded {clone} of {session.SessionId} with {name ?? file}.");
        }

        return ExitCodes.Good;
    }
}
