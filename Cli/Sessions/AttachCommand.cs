using System.CommandLine;
using ControlPlane.Commands;

namespace ControlPlane.Sessions;

/// <summary>Makes a session that runs the current one.</summary>
internal sealed class AttachCommand : ArchalCommand
{
    private readonly Argument<string> _session = new("session") { Description = "The session's id." };

    public AttachCommand(TimeProvider time)
        : base("attach", "Make a session the current one.", time, "archal clone attach ses-01h8x5k2m7q9t3v6w0y4z8b1c5")
    {
        Arguments.Add(_session);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var path = SessionPaths.One(invocation.Parsed.GetRequiredValue(_session));
        var session = await invocation.Server.GetAsync(path, ContractsJson.Default.SessionSummary, cancellationToken);
        if (session.Status is "ended" or "failed")
        {
            throw new CommandFailure(
                $"Session {session.SessionId} has {session.Status}. "
                + $"Start another: archal clone start {string.Join(' ', session.CloneIds)}");
        }

        invocation.CurrentSession.Remember(session.SessionId);
        SessionAnswer.Write(session, invocation);
        return ExitCodes.Good;
    }
}
