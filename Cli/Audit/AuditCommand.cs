using System.CommandLine;
using System.Globalization;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Audit;

/// <summary>Who administered what, newest first.</summary>
internal sealed class AuditCommand : ArchalCommand
{
    private const int MostAtOnce = 200;

    private readonly Option<string> _action = new("--action") { Description = "Only these acts, such as api_key.revoke.", HelpName = "action" };

    private readonly Option<int> _limit = new("--limit") { Description = "How many, 1 to 200. Default: 50.", HelpName = "n", DefaultValueFactory = _ => 50 };

    private readonly Option<string> _cursor = new("--cursor") { Description = "Where the page before ended, as it said.", HelpName = "cursor" };

    public AuditCommand(TimeProvider time)
        : base("audit", "Show who administered what in a workspace, newest first.", time,
            "archal audit", "archal audit --action api_key.revoke --limit 10 --json")
    {
        Options.Add(_action);
        Options.Add(_limit);
        Options.Add(_cursor);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var limit = invocation.Parsed.GetValue(_limit);
        var query = limit is >= 1 and <= MostAtOnce
            ? $"limit={limit.ToString(CultureInfo.InvariantCulture)}"
            : throw CommandFailure.WrongUse("--limit is a number from 1 to 200.");
        query += invocation.Parsed.GetValue(_action) is { } action ? $"&action={Uri.EscapeDataString(action)}" : "";
        query += invocation.Parsed.GetValue(_cursor) is { } cursor ? $"&cursor={Uri.EscapeDataString(cursor)}" : "";
        var workspace = UrlId.Checked(await invocation.WorkspaceAsync(cancellationToken), "workspace");
        var page = await invocation.Server.GetAsync(
            $"/api/workspaces/{workspace}/audit-events?{query}", ContractsJson.Default.AuditLineList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(page, ContractsJson.Default.AuditLineList);
            return ExitCodes.Good;
        }

        var table = new Table("WHEN", "WHO", "ACTION", "TARGET", "DETAIL", "FROM", "OUTCOME");
        foreach (var act in page.AuditEvents)
        {
            table.Add(
                Durations.Text(act.At), act.Actor, act.Action, act.Target ?? "-", act.Detail ?? "-", act.From ?? "-",
                act.Code is null ? act.Outcome : $"{act.Outcome} ({act.Code})");
        }

        table.Write();
        if (page.NextCursor is { } next)
        {
            Screen.WriteRemark($"There is more: --cursor {next}");
        }

        return ExitCodes.Good;
    }
}
