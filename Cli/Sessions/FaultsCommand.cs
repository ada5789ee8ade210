using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>Shows, sets or ends the faults that are injected into a clone's answers.</summary>
internal sealed class FaultsCommand : ArchalCommand
{
    private readonly Argument<string> _clone = new("clone") { Description = "The clone, such as github." };
    private readonly Option<string?> _file = new("--file") { Description = "Set what is in this file; - reads standard input.", HelpName = "F|-" };
    private readonly Option<bool> _clear = new("--clear") { Description = "End all of them." };
    private readonly SessionChoice _session;

    public FaultsCommand(TimeProvider time)
        : base(
            "faults", "Show or set the delays, errors and broken connections that a clone's callers meet.", time,
            "archal clone faults github", "archal clone faults github --file faults.json", "archal clone faults github --clear")
    {
        Arguments.Add(_clone);
        Options.Add(_file);
        Options.Add(_clear);
        _session = new(this, asArgument: false);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (clone, file, clears) = (invocation.Parsed.GetRequiredValue(_clone), invocation.Parsed.GetValue(_file), invocation.Parsed.GetValue(_clear));
        if (file is not null && clears)
        {
            throw CommandFailure.WrongUse("Give either --file or --clear.");
        }

        var path = SessionPaths.Faults(_session.Id(invocation), clone);
        var wanted = clears ? new CloneFaultList { Faults = [] } : file is null ? null : await ReadAsync(file, cancellationToken);
        var set = wanted is null
            ? await invocation.Server.GetAsync(path, ContractsJson.Default.CloneFaultList, cancellationToken)
            : await invocation.Server.SendAsync(
                HttpMethod.Put, path, wanted, ContractsJson.Default.CloneFaultList, ContractsJson.Default.CloneFaultList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(set, ContractsJson.Default.CloneFaultList);
            return ExitCodes.Good;
        }

        Show(clone, set.Faults ?? []);
        return ExitCodes.Good;
    }

    private static void Show(string clone, IReadOnlyList<CloneFault> faults)
    {
        if (faults.Count == 0)
        {
            Screen.WriteLine($"No faults are set on {clone}.");
            return;
        }

        var table = new Table("METHOD", "PATH", "DELAY", "THEN", "TIMES");
        foreach (var fault in faults)
        {
            table.Add(
                fault.Method ?? "any", fault.Path ?? "any", fault.DelayMs is { } delay ? $"{Number(delay)} ms" : "-",
                fault.Drop == true ? "drop" : fault.Status is { } status ? Number(status) : "the clone answers",
                fault.Times is { } times ? Number(times) : "always");
        }

        table.Write();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<CloneFaultList> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await StateFile.ReadAsync(file, cancellationToken, "list of faults")).Deserialize(ContractsJson.Default.CloneFaultList)!; // An object.
        }
        catch (JsonException fault)
        {
            throw CommandFailure.WrongUse($$"""{{file}} is no list of faults, at {{fault.Path}}. Write {"faults":[{"path":"/user","status":503}]}.""");
        }
    }
}
