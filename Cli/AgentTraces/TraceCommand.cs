using System.CommandLine;
using System.Globalization;
using System.Net;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.AgentTraces;

/// <summary>The traces that were sent to the workspace, newest first; of one name, those of that scenario, or the payloads of that root.</summary>
internal sealed class TraceCommand : ArchalCommand
{
    private const int MostAtOnce = 200;

    /// <summary>No scenario has a longer name, but the id of a trace may.</summary>
    private const int LongestScenario = 64;

    private readonly Argument<string?> _name = new("name")
    {
        Description = "A scenario, or the id of one trace.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _limit = new("-n", "--limit") { Description = "At most so many. Default: 20.", HelpName = "N", DefaultValueFactory = _ => 20 };

    public TraceCommand(TimeProvider time)
        : base(
            "trace", "Show the traces that were sent to the workspace, newest first.", time,
            "archal trace", "archal trace github-triage-bugs -n 5", "archal trace 0af7651916cd43dd8448eb211c80319c --json")
    {
        Arguments.Add(_name);
        Options.Add(_limit);
        Options.Add(CommonOptions.Json);
        _limit.Validators.Add(limit =>
        {
            if (limit.GetValueOrDefault<int>() < 1)
            {
                limit.AddError("-n is at least 1.");
            }
        });
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var name = invocation.Parsed.GetValue(_name);
        var list = name is { Length: > LongestScenario } ? new TraceList([]) : await ListAsync(invocation, name, cancellationToken);
        if (name is not null && list.Traces.Count == 0)
        {
            return Show(invocation, await OneAsync(invocation, name, cancellationToken));
        }

        if (invocation.WantsJson)
        {
            Screen.WriteJson(list, ContractsJson.Default.TraceList);
            return ExitCodes.Good;
        }

        TraceTable.Write(list.Traces);
        if (list.NextCursor is not null)
        {
            Screen.WriteRemark("There are more: raise -n.");
        }

        return ExitCodes.Good;
    }

    // Page after page, until there are as many as are wanted.
    private async Task<TraceList> ListAsync(Invocation invocation, string? scenario, CancellationToken cancellationToken)
    {
        var limit = invocation.Parsed.GetValue(_limit);
        var traces = new List<TraceRoot>();
        string? cursor = null;
        do
        {
            var path = $"/api/traces?limit={Math.Min(MostAtOnce, limit - traces.Count).ToString(CultureInfo.InvariantCulture)}"
                + (scenario is null ? "" : $"&scenario={Uri.EscapeDataString(scenario)}")
                + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            var page = await invocation.Server.GetAsync(path, ContractsJson.Default.TraceList, cancellationToken);
            traces.AddRange(page.Traces);
            cursor = page.NextCursor;
        }
        while (cursor is not null && traces.Count < limit);

        return new(traces, cursor);
    }

    private static async Task<TraceRecord> OneAsync(Invocation invocation, string name, CancellationToken cancellationToken)
    {
        try
        {
            // What cannot be an id is not asked for: a path is no place for it.
            return name.Any(char.IsAsciiLetterOrDigit) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':')
                ? await invocation.Server.GetAsync($"/api/traces/{name}", ContractsJson.Default.TraceRecord, cancellationToken)
                : throw Unknown(name);
        }
        catch (ServerRefusal no) when (no.Status == HttpStatusCode.NotFound)
        {
            throw Unknown(name);
        }
    }

    private static CommandFailure Unknown(string name) =>
        new($"There is no trace of a scenario '{name}', and none with that id. archal trace lists all there are.");

    private static int Show(Invocation invocation, TraceRecord trace)
    {
        if (invocation.WantsJson)
        {
            Screen.WriteJson(trace, ContractsJson.Default.TraceRecord);
            return ExitCodes.Good;
        }

        TraceTable.Write([trace.Root]);
        foreach (var part in trace.Traces)
        {
            Screen.WriteLine("");
            Screen.WriteLine($"{part.TraceId}, {Durations.Text(part.ReceivedAt)}");
            Screen.WriteLine(part.Payload.GetRawText());
        }

        return ExitCodes.Good;
    }
}
