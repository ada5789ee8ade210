using System.CommandLine;
using ControlPlane.Commands;

namespace ControlPlane.Sessions;

/// <summary>Moves both deadlines of a session away.</summary>
internal sealed class RenewCommand : ArchalCommand
{
    private readonly Argument<int?> _seconds = new("seconds")
    {
        Description = "How many seconds from now the session lives at least. Default: 3600.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly SessionChoice _session;

    public RenewCommand(TimeProvider time)
        : base(
            "renew",
            "Let a session live longer.",
            time,
            "archal clone renew",
            "archal clone renew 7200 --session ses-01h8x5k2m7q9t3v6w0y4z8b1c5")
    {
        Arguments.Add(_seconds);
        _session = new(this, asArgument: false);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var session = await invocation.Server.PostAsync(
            SessionPaths.Renew(_session.Id(invocation)),
            new() { TtlSeconds = invocation.Parsed.GetValue(_seconds) },
            ContractsJson.Default.RenewSessionRequest,
            ContractsJson.Default.SessionSummary,
            cancellationToken);
        SessionAnswer.Write(session, invocation);
        return ExitCodes.Good;
    }
}
