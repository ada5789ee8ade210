using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>Alone: what can be started. With a word behind it: what is done with a session.</summary>
internal sealed class CloneCommand : ArchalCommand
{
    public CloneCommand(TimeProvider time)
        : base(
            "clone",
            "List the clones that can be started; start, use and stop sessions of them.",
            time,
            "archal clone",
            "archal clone start github --seed github:small-project",
            "archal clone stop")
    {
        Aliases.Add("twin");
        Options.Add(CommonOptions.Json);
        Subcommands.Add(new StartCommand(time));
        Subcommands.Add(new StatusCommand(time));
        Subcommands.Add(new ListCommand(time));
        Subcommands.Add(new AttachCommand(time));
        Subcommands.Add(new RenewCommand(time));
        Subcommands.Add(new SeedCommand(time));
        Subcommands.Add(new ResetCommand(time));
        Subcommands.Add(new FaultsCommand(time));
        Subcommands.Add(new EventsCommand(time));
        Subcommands.Add(new ToolsCommand(time));
        Subcommands.Add(new StopCommand(time));
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var catalogue = await invocation.Server.GetAsync("/api/clones", ContractsJson.Default.CloneCatalogue, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(catalogue, ContractsJson.Default.CloneCatalogue);
            return ExitCodes.Good;
        }

        var table = new Table("CLONE", "SEEDS", "DESCRIPTION");
        foreach (var clone in catalogue.Clones)
        {
            table.Add(clone.Id, string.Join(", ", clone.Seeds.Select(seed => seed.Id)), $"{clone.Name}: {clone.Description}");
        }

        table.Write();
        return ExitCodes.Good;
    }
}
