using System.CommandLine;
using System.Globalization;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Usage;

/// <summary>How much a workspace was used, per day and per key.</summary>
internal sealed class UsageCommand : ArchalCommand
{
    private const string DayFormat = "yyyy-MM-dd";

    private readonly Option<string> _from = new("--from") { Description = "The first day (UTC), as 2026-01-31. Default: 30 days in all.", HelpName = "day" };

    private readonly Option<string> _to = new("--to") { Description = "The last day (UTC). Default: today.", HelpName = "day" };

    public UsageCommand(TimeProvider time)
        : base("usage", "Show sessions, requests and bytes of a workspace, per day and per key.", time,
            "archal usage", "archal usage --from 2026-01-01 --to 2026-01-31 --json")
    {
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        string?[] query = [Day(invocation, _from), Day(invocation, _to)];
        var workspace = UrlId.Checked(await invocation.WorkspaceAsync(cancellationToken), "workspace");
        var usage = await invocation.Server.GetAsync(
            $"/api/workspaces/{workspace}/usage{(query.Any(part => part is not null) ? "?" : "")}{string.Join('&', query.OfType<string>())}",
            ContractsJson.Default.WorkspaceUsage, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(usage, ContractsJson.Default.WorkspaceUsage);
            return ExitCodes.Good;
        }

        var table = new Table("DAY", "BY", "SESSIONS", "SESSION MINUTES", "REQUESTS", "BYTES IN", "BYTES OUT");
        foreach (var (day, key) in usage.Days.SelectMany(day => day.Keys.Select(key => (DayText(day.Day), key))))
        {
            table.Add([day, key.By, .. Cells(key.Total)]);
        }

        table.Add(["total", "", .. Cells(usage.Total)]);
        table.Write();
        return ExitCodes.Good;
    }

    private static string? Day(Invocation invocation, Option<string> option) => invocation.Parsed.GetValue(option) is not { } text ? null
        : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? $"{option.Name.TrimStart('-')}={DayText(day)}"
            : throw CommandFailure.WrongUse($"{option.Name} is a day such as 2026-01-31.");

    private static string DayText(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    private static string[] Cells(UsageTotals totals) =>
    [
        Number(totals.Sessions), totals.SessionMinutes.ToString("0.##", CultureInfo.InvariantCulture), Number(totals.Requests),
        Number(totals.BytesIn), Number(totals.BytesOut),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
