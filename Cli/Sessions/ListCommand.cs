using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>The workspace's sessions, newest first.</summary>
internal sealed class ListCommand : ArchalCommand
{
    private const int DefaultLimit = 100;

    private readonly Option<string?> _status = new("--status")
    {
        Description = "Only starting, running, ended or failed ones.",
        HelpName = "status",
    };

    private readonly Option<string?> _label = new("--label") { Description = "Only those with this label.", HelpName = "k=v" };
    private readonly Option<string?> _clone = new("--clone") { Description = "Only those with this clone.", HelpName = "clone" };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "At most so many.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };

    public ListCommand(TimeProvider time)
        : base(
            "list",
            "List the sessions of the workspace, newest first.",
            time,
            "archal clone list --status running",
            "archal clone list --label ticket=42 --json")
    {
        Options.Add(_status);
        Options.Add(_label);
        Options.Add(_clone);
        Options.Add(_limit);
        Options.Add(CommonOptions.Json);
        _limit.Validators.Add(limit =>
        {
            if (limit.GetValueOrDefault<int>() < 1)
            {
                limit.AddError("--limit is at least 1.");
            }
        });
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var list = await ReadAsync(invocation, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(list, ContractsJson.Default.SessionList);
            return ExitCodes.Good;
        }

        var now = invocation.Time.GetUtcNow();
        var table = new Table("SESSION", "STATUS", "CLONES", "NAME", "CREATED", "LEFT");
        foreach (var session in list.Sessions)
        {
            var left = session.Status is "running" or "starting" ? Durations.Remaining(session.ExpiresAt, now) : "-";
            table.Add(
                session.SessionId,
                session.Status,
                string.Join(",", session.CloneIds),
                session.Name ?? "-",
                Durations.Text(session.CreatedAt),
                left);
        }

        table.Write();
        if (list.NextCursor is not null)
        {
            Screen.WriteRemark("There are more: raise --limit.");
        }

        return ExitCodes.Good;
    }

    // Page after page, until the limit or the end; a server that gives no more than it must is asked again.
    private async Task<SessionList> ReadAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var limit = invocation.Parsed.GetValue(_limit);
        var sessions = new List<SessionSummary>();
        string? cursor = null;
        do
        {
            var path = SessionPaths.All + Query(invocation.Parsed, Math.Min(DefaultLimit, limit - sessions.Count), cursor);
            var page = await invocation.Server.GetAsync(path, ContractsJson.Default.SessionList, cancellationToken);
            sessions.AddRange(page.Sessions);
            cursor = page.NextCursor;
        }
        while (cursor is not null && sessions.Count < limit);

        return new(sessions, cursor);
    }

    private string Query(ParseResult parsed, int limit, string? cursor)
    {
        (string Name, string? Value)[] parts =
        [
            ("status", parsed.GetValue(_status)),
            ("label", parsed.GetValue(_label)),
            ("clone", parsed.GetValue(_clone)),
            ("limit", FormattableString.Invariant($"{limit}")),
            ("cursor", cursor),
        ];
        return "?" + string.Join(
            '&', from part in parts where part.Value is not null select $"{part.Name}={Uri.EscapeDataString(part.Value)}");
    }
}
