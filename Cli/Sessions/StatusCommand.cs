using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>How a session is, until when it lives, and because of what. Asking is not use: it prolongs nothing.</summary>
internal sealed class StatusCommand : ArchalCommand
{
    private readonly SessionChoice _session;

    public StatusCommand(TimeProvider time)
        : base("status", "Show a session, and until when it lives.", time, "archal clone status", "archal clone status --json")
    {
        _session = new(this);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = _session.Id(invocation);
        var session = await invocation.Server.GetAsync(SessionPaths.One(id), ContractsJson.Default.SessionSummary, cancellationToken);
        var liveness = await invocation.Server.GetAsync(
            SessionPaths.Liveness(id), ContractsJson.Default.SessionLiveness, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(Together(session, liveness), CliJson.Default.JsonNode);
            return ExitCodes.Good;
        }

        foreach (var line in SessionText.Of(session, invocation.Time.GetUtcNow()))
        {
            Screen.WriteLine(line);
        }

        foreach (var line in Text(liveness))
        {
            Screen.WriteLine(line);
        }

        return ExitCodes.Good;
    }

    // The summary as it is everywhere, and the liveness under a name of its own.
    private static JsonObject Together(SessionSummary session, SessionLiveness liveness)
    {
        var both = JsonSerializer.SerializeToNode(session, ContractsJson.Default.SessionSummary)!.AsObject(); // A record is never null.
        both["liveness"] = JsonSerializer.SerializeToNode(liveness, ContractsJson.Default.SessionLiveness);
        return both;
    }

    private static IEnumerable<string> Text(SessionLiveness liveness)
    {
        yield return $"Last used: {Durations.Text(liveness.LastUsedAt)}";
        if (liveness.Alive)
        {
            yield return $"Idle end: {Durations.Text(liveness.IdleAt)}{(liveness.Because == "idle" ? " (the next deadline)" : "")}";
            yield return $"Last end: {Durations.Text(liveness.EndAt)}{(liveness.Because == "end" ? " (the next deadline)" : "")}";
        }

        if (liveness.RequestsLeft is { } left)
        {
            yield return FormattableString.Invariant($"Requests left: {left}");
        }
    }
}
