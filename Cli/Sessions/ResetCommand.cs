using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>Sets a session's clones back to the seed that it was created with.</summary>
internal sealed class ResetCommand : ArchalCommand
{
    private readonly Argument<string?> _clone = new("clone") { Description = "The clone to set back. Default: all of the session.", Arity = ArgumentArity.ZeroOrOne };
    private readonly SessionChoice _session;

    public ResetCommand(TimeProvider time)
        : base("reset", "Set clones back to the seed of the session's creation.", time, "archal clone reset", "archal clone reset github --session ses-01h8x5k2m7q9t3v6w0y4z8b1c5")
    {
        Arguments.Add(_clone);
        _session = new(this, asArgument: false);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var clone = invocation.Parsed.GetValue(_clone);
        var session = await invocation.Server.PostAsync(
            SessionPaths.Reset(_session.Id(invocation)), new() { CloneName = clone },
            ContractsJson.Default.ResetSessionRequest, ContractsJson.Default.SessionSummary, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(session, ContractsJson.Default.SessionSummary);
        }
        else
        {
            Screen.WriteLine($"Reset {clone ?? string.Join(", ", session.CloneIds)} of {session.SessionId} to the seed of its creation.");
        }

        return ExitCodes.Good;
    }
}
