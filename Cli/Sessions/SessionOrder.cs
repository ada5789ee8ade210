using System.CommandLine;

namespace ControlPlane.Sessions;

/// <summary>The options that say what a new session is like, for the commands that make one.</summary>
internal sealed class SessionOrder
{
    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "The state that a clone starts from; may be repeated. Default: the clone's first.",
        HelpName = "clone:name",
    };

    private readonly Option<int?> _ttl = new("--ttl-seconds")
    {
        Description = "Seconds from now to the session's end, at most 86400. Default: 24 hours.",
        HelpName = "N",
    };

    public SessionOrder(Command command)
    {
        command.Options.Add(_seeds);
        command.Options.Add(_ttl);
    }

    /// <exception cref="CommandFailure">What was ordered contradicts itself.</exception>
    public CreateSessionRequest Request(ParseResult parsed, IReadOnlyList<string> named)
    {
        // `--seed a:x b:y` leaves b:y among the names. No clone has a colon in its name, so it can only be a seed.
        var clones = named.Where(name => !name.Contains(':', StringComparison.Ordinal)).Distinct().ToArray();
        if (clones is [])
        {
            throw CommandFailure.WrongUse("Name a clone to start, such as github. 'archal clone' lists them.");
        }

        var seeds = Pairs.Read([.. parsed.GetValue(_seeds) ?? [], .. named.Except(clones)], ':', "--seed", "clone:name");
        if (seeds?.Keys.Except(clones).FirstOrDefault() is { } stranger)
        {
            throw CommandFailure.WrongUse($"--seed names {stranger}, which is not among the clones to start.");
        }

        return new() { Clones = clones, Seeds = Pairs.Sorted(seeds), TtlSeconds = parsed.GetValue(_ttl) };
    }
}
