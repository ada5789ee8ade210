using System.Net;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Sessions;

/// <summary>The answer of <c>stop --json</c>.</summary>
internal sealed record StoppedSession(string SessionId, RevocationReport? Revocation);

/// <summary>Ends a session. When this returns, its clones answer nobody.</summary>
internal sealed class StopCommand : ArchalCommand
{
    private readonly SessionChoice _session;

    public StopCommand(TimeProvider time)
        : base(
            "stop",
            "End a session. Its clones answer nobody by the time this returns.",
            time,
            "archal clone stop",
            "archal clone stop ses-01h8x5k2m7q9t3v6w0y4z8b1c5")
    {
        _session = new(this);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = _session.Id(invocation);
        RevocationReport? report;
        try
        {
            report = await invocation.Server.DeleteAsync(SessionPaths.One(id), cancellationToken);
        }
        catch (ServerRefusal refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            // The server knows nothing of it: it should not stay current.
            invocation.CurrentSession.Forget(id);
            throw;
        }

        invocation.CurrentSession.Forget(id);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(new StoppedSession(id, report), CliJson.Default.StoppedSession);
        }
        else
        {
            Screen.WriteLine($"Stopped {id}{(report is null ? "" : $" ({report})")}.");
        }

        return ExitCodes.Good;
    }
}
