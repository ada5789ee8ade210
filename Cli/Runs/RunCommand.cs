using System.CommandLine;
using System.Diagnostics;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Sessions;

namespace ControlPlane.Runs;

/// <summary>Starts a session, runs a command against it, and takes everything away again, however the command ended.</summary>
internal sealed class RunCommand : ArchalCommand
{
    private static readonly string[] DefaultClones = ["github"];

    private readonly Option<string[]> _clones = new("--clone")
    {
        Description = "A clone of the session; may be repeated. Default: github.",
        HelpName = "clone",
    };

    private readonly SessionOrder _order;
    private readonly Option<string?> _task = new("--task") { Description = "The task, passed on as AGENT_TASK.", HelpName = "text" };

    // Whatever follows the command's name is the command's own, `--json` and a second `--` too.
    private readonly Argument<string[]> _command = new("command")
    {
        Description = "The command and its arguments.",
        Arity = ArgumentArity.OneOrMore,
        CaptureRemainingTokens = true,
    };

    public RunCommand(TimeProvider time)
        : base(
            "run",
            "Start a session, run a command against it, stop the session. Answers with the command's exit code.",
            time,
            "archal run -- python agent.py",
            "archal run --clone github --clone slack --seed github:small-project --task \"Close stale issues\" -- npm test")
    {
        Options.Add(_clones);
        _order = new(this);
        Options.Add(_task);
        Arguments.Add(_command);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var command = invocation.Parsed.GetRequiredValue(_command);
        var clones = invocation.Parsed.GetValue(_clones) is { Length: > 0 } named ? named : DefaultClones;
        var request = _order.Request(invocation.Parsed, clones);

        // Looked for first: a mistyped command costs no session.
        if (ExecutablePath.Find(command[0]) is not { } executable)
        {
            Screen.WriteError($"{command[0]}: command not found.");
            return ExitCodes.CannotStart;
        }

        var signals = new SignalRelay();
        var teardown = new Teardown(invocation.Server);
        try
        {
            // Nothing here is cancelled by a signal: a call that was cut off may have made what nobody would then take away.
            var session = await StartAsync(invocation, request, teardown);
            var key = await ChildKey.MakeAsync(invocation, session, CancellationToken.None);
            if (key.Path is { } path)
            {
                teardown.Add(path, "The command's key", "archal workspace api-keys, and revoke it. It also expires by itself.");
            }

            if (signals.Early is { } signal)
            {
                return ExitCodes.Signalled(signal);
            }

            var start = new ProcessStartInfo(executable, command.Skip(1)) { UseShellExecute = false };
            HarnessVariables.Apply(start.Environment, session, key, invocation.Parsed.GetValue(_task));
            return await Child.RunAsync(start, signals);
        }
        finally
        {
            signals.Finish();
            await teardown.RunAsync();
        }
    }

    private static async Task<SessionSummary> StartAsync(Invocation invocation, CreateSessionRequest request, Teardown teardown)
    {
        // A key of this run alone: when the answer is lost, the call is made again and answers with the session that it made.
        var (session, _) = await invocation.Server.PostOnceAsync(
            SessionPaths.All,
            $"archal-run-{Guid.NewGuid():n}",
            request,
            ContractsJson.Default.CreateSessionRequest,
            ContractsJson.Default.SessionSummary,
            CancellationToken.None);
        teardown.Add(SessionPaths.One(session.SessionId), $"Session {session.SessionId}", $"archal clone stop {session.SessionId}");
        if (session.Status == "failed")
        {
            throw new CommandFailure($"Session {session.SessionId} failed to start: {session.LastError ?? "the server does not say why"}.");
        }

        // The output of a run is the command's; that there is a session is told to people only.
        if (!Console.IsErrorRedirected || invocation.IsVerbose)
        {
            Screen.WriteRemark(SessionText.HeadOf(session, invocation.Time.GetUtcNow()));
        }

        return session;
    }
}
