using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>Starts a session, which becomes the current one.</summary>
internal sealed class StartCommand : ArchalCommand
{
    private readonly Argument<string[]> _clones = new("clone")
    {
        Description = "The clones of the session, such as github.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly SessionOrder _order;
    private readonly StartStates _states;
    private readonly Option<string?> _name = new("--name") { Description = "A name for people.", HelpName = "N" };

    private readonly Option<string[]> _labels = new("--label")
    {
        Description = "A label to find the session by; may be repeated.",
        HelpName = "k=v",
    };

    private readonly Option<int?> _rateLimit = new("--rate-limit")
    {
        Description = "How many requests the whole session may make. Default: no limit.",
        HelpName = "N",
    };

    private readonly Option<bool> _env = new("--env")
    {
        Description = "Write the clones' URLs as shell exports, and all else to standard error.",
    };

    private readonly Option<bool> _fresh = new("--fresh")
    {
        Description = "Start another session even if the one that this very order started before still runs.",
    };

    public StartCommand(TimeProvider time)
        : base(
            "start",
            "Start a session and make it the current one. The same order again (clones, seeds, name, labels, limits; the same server, workspace, "
            + "token and ARCHAL_HOME) means the session that it started before, while that runs; so a call whose answer was lost can be repeated.",
            time,
            "archal clone start github",
            "archal clone start github slack --seed github:small-project --label ticket=42 --ttl-seconds 3600",
            "archal clone start --all",
            "archal clone start github --seed-file state.json",
            "eval \"$(archal clone start github --env)\"")
    {
        Arguments.Add(_clones);
        _order = new(this);
        _states = new(this);
        Options.Add(_name);
        Options.Add(_labels);
        Options.Add(_rateLimit);
        Options.Add(CommonOptions.Json);
        Options.Add(_env);
        Options.Add(_fresh);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var parsed = invocation.Parsed;
        var wantsExports = parsed.GetValue(_env);
        if (wantsExports && invocation.WantsJson)
        {
            throw CommandFailure.WrongUse("--env and --json are two forms of one answer: choose one.");
        }

        var named = await _states.NamesAsync(invocation, parsed.GetValue(_clones) ?? [], cancellationToken);
        var request = _order.Request(parsed, named) with
        {
            Name = parsed.GetValue(_name),
            Labels = Pairs.Sorted(Pairs.Read(parsed.GetValue(_labels) ?? [], '=', "--label", "key=value")),
            RateLimit = parsed.GetValue(_rateLimit),
        };
        var states = await _states.ReadAsync(parsed, request.Clones!, cancellationToken); // An order names one clone at least.

        // A state from a file is no part of the order, so what an order without it made before is not what is meant.
        var starting = new SessionStart(invocation).RunAsync(request, parsed.GetValue(_fresh) || states.Count > 0, cancellationToken);
        var (session, isEarlier) = await Progress.ShowAsync($"Starting {string.Join(", ", request.Clones!)}", invocation.Time, starting, cancellationToken);
        if (session.Status == "failed")
        {
            throw new CommandFailure($"Session {session.SessionId} failed to start: {session.LastError ?? "the server does not say why"}.");
        }

        await StartStates.GiveAsync(session, states, invocation, cancellationToken);
        if (isEarlier)
        {
            Screen.WriteRemark($"archal: {session.SessionId} was started by this order before and still runs; --fresh starts another one.");
        }

        invocation.CurrentSession.Remember(session.SessionId);
        Write(session, invocation, wantsExports);
        return ExitCodes.Good;
    }

    private static void Write(SessionSummary session, Invocation invocation, bool asExports)
    {
        if (!asExports)
        {
            SessionAnswer.Write(session, invocation);
            return;
        }

        // Under `eval`, standard output is the shell's.
        foreach (var line in SessionText.Of(session, invocation.Time.GetUtcNow()))
        {
            Screen.WriteRemark(line);
        }

        foreach (var line in CloneVariables.ExportsOf(session))
        {
            Screen.WriteLine(line);
        }
    }
}
