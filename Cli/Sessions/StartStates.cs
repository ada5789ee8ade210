using System.CommandLine;
using System.Text.Json;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>The part of <c>start</c> that needs more than one call: every clone there is, and states from files.</summary>
internal sealed class StartStates
{
    private readonly Option<bool> _all = new("--all") { Description = "Every clone of the catalogue." };

    private readonly Option<string[]> _files = new("--seed-file")
    {
        Description = "A whole state to start from, as JSON; for one clone its name may be left out. May be repeated.",
        HelpName = "[clone:]F",
    };

    public StartStates(Command command)
    {
        command.Options.Add(_all);
        command.Options.Add(_files);
    }

    /// <summary>The clones that are named, or with <c>--all</c> those of the catalogue, and the seeds that stand among the names.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(Invocation invocation, IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        if (!invocation.Parsed.GetValue(_all))
        {
            return named;
        }

        if (named.Any(name => !name.Contains(':', StringComparison.Ordinal)))
        {
            throw CommandFailure.WrongUse("--all means every clone: name none beside it.");
        }

        var catalogue = await invocation.Server.GetAsync("/api/clones", ContractsJson.Default.CloneCatalogue, cancellationToken);
        return [.. catalogue.Clones.Select(clone => clone.Id), .. named];
    }

    /// <summary>Reads the files before anything is started: what is wrong with one leaves nothing behind.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, JsonElement>>> ReadAsync(ParseResult parsed, IReadOnlyList<string> clones, CancellationToken cancellationToken)
    {
        var states = new List<KeyValuePair<string, JsonElement>>();
        foreach (var text in parsed.GetValue(_files) ?? [])
        {
            var named = clones.FirstOrDefault(clone => text.StartsWith($"{clone}:", StringComparison.Ordinal));
            if (named is null && clones.Count != 1)
            {
                throw CommandFailure.WrongUse($"--seed-file {text}: say for which clone, as in --seed-file {clones[0]}:{text}.");
            }

            var clone = named ?? clones[0];
            if (states.Exists(state => state.Key == clone))
            {
                throw CommandFailure.WrongUse($"--seed-file names {clone} twice.");
            }

            states.Add(new(clone, await StateFile.ReadAsync(named is null ? text : text[(named.Length + 1)..], cancellationToken)));
        }

        return states;
    }

    /// <summary>Gives the clones of a session that has just been started their states. One that cannot be given stops the session again.</summary>
    public static async Task GiveAsync(
        SessionSummary session, IReadOnlyList<KeyValuePair<string, JsonElement>> states, Invocation invocation, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (clone, state) in states)
            {
                await invocation.Server.PostAsync(
                    SessionPaths.Seed(session.SessionId, clone), new() { State = state },
                    ContractsJson.Default.SeedCloneRequest, ContractsJson.Default.SessionSummary, cancellationToken);
            }
        }
        catch (CommandFailure)
        {
            await invocation.Server.DeleteAsync(SessionPaths.One(session.SessionId), CancellationToken.None);
            Screen.WriteRemark($"Stopped {session.SessionId}, which did not get its state.");
            throw;
        }
    }
}
