using System.CommandLine;
using System.Text.Json;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Sessions;

/// <summary>Follows what happens to a session until it is over, or to all sessions of the workspace until it is stopped.</summary>
internal sealed class EventsCommand : ArchalCommand
{
    private const string Data = "data: ";

    private readonly SessionChoice _session;
    private readonly Option<bool> _all = new("--all") { Description = "Of every session of the workspace, from now on, until Ctrl-C." };

    public EventsCommand(TimeProvider time)
        : base(
            "events", "Follow what happens to a session until it is over. With --json, one object a line.", time,
            "archal clone events", "archal clone events --all --json")
    {
        _session = new(this);
        Options.Add(_all);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var path = invocation.Parsed.GetValue(_all)
            ? $"/api/workspaces/{UrlId.Checked(await invocation.WorkspaceAsync(cancellationToken), "workspace")}/events"
            : SessionPaths.Events(_session.Id(invocation));
        await invocation.Server.FollowAsync(path, line => Show(line, invocation), cancellationToken);
        return ExitCodes.Good;
    }

    private static void Show(string line, Invocation invocation)
    {
        if (!line.StartsWith(Data, StringComparison.Ordinal))
        {
            return;
        }

        var told = line[Data.Length..];
        Screen.WriteLine(invocation.WantsJson ? told : Text(told, invocation.Server.Address));
    }

    private static string Text(string told, ServerAddress server)
    {
        try
        {
            var happened = JsonSerializer.Deserialize(told, ContractsJson.Default.SessionEventLine) ?? throw new JsonException();
            string?[] parts =
            [
                Durations.Text(happened.At), happened.SessionId, happened.Type, happened.CloneName, happened.Seed, happened.Cause, happened.LastError,
                happened.ExpiresAt is { } until ? $"until {Durations.Text(until)}" : null, happened.By is { } by ? $"by {by}" : null,
            ];
            return string.Join("  ", parts.Where(part => part is not null));
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{server} did not answer as the control plane does. Is {ArchalVariables.ApiUrl} its address?");
        }
    }
}
