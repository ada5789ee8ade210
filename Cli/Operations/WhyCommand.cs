using System.CommandLine;
using System.Globalization;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Operations;

/// <summary>Why a session of any workspace is alive or dead. Asking is not use: it prolongs nothing.</summary>
internal sealed class WhyCommand : ArchalCommand
{
    private readonly Argument<string> _session = new("session-id") { Description = "The session, of any workspace." };

    public WhyCommand(TimeProvider time)
        : base("why", "Say why a session is alive or dead, and what is still to do about it.", time,
            "archal admin sessions why ses-0f5q2m8k3r7t1v9x4z6abcdefg", "archal admin sessions why ses-0f5q2m8k3r7t1v9x4z6abcdefg --json")
    {
        Arguments.Add(_session);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = UrlId.Checked(invocation.Parsed.GetRequiredValue(_session), "session");
        var why = await invocation.Server.GetAsync($"/api/admin/sessions/{id}/why", ContractsJson.Default.SessionWhy, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(why, ContractsJson.Default.SessionWhy);
            return ExitCodes.Good;
        }

        foreach (var (name, text) in Lines(why))
        {
            Screen.WriteLine($"{name + ":",-16}{text}");
        }

        return ExitCodes.Good;
    }

    private static IEnumerable<(string Name, string Text)> Lines(SessionWhy why)
    {
        yield return ("Session", $"{why.SessionId}, {why.Status}");
        yield return ("Because", $"{why.Because}. {why.Explanation}");
        if (why.LastError is { } error)
        {
            yield return ("Last error", error);
        }

        yield return ("Workspace", $"{why.WorkspaceId}, created {Durations.Text(why.CreatedAt)} by {why.CreatedBy}");
        yield return ("Last used", Durations.Text(why.LastUsedAt));
        yield return ("Idle deadline", Deadline(why.IdleAt, why.IdleInSeconds));
        yield return ("Absolute end", Deadline(why.EndAt, why.EndInSeconds));
        if (why.EndedAt is { } ended)
        {
            yield return ("Ended", Durations.Text(ended));
        }

        yield return ("Placement", why.Placement is { } placement
            ? string.Create(CultureInfo.InvariantCulture, $"{placement.WorkerId}, epoch {placement.Epoch}; the worker is {placement.Worker}")
            : "none");
        yield return ("Readers", Names(why.Readers));
        yield return ("Still to tell", Names(why.StillToBeTold));
        yield return ("Still to do", why.StillToDo.Count == 0 ? "nothing" : string.Join(", ", why.StillToDo));
        yield return ("Requests left", why.RequestsLeft?.ToString(CultureInfo.InvariantCulture) ?? "no budget");
    }

    private static string Deadline(DateTimeOffset at, double? left) =>
        left is { } seconds ? $"{Durations.Text(at)} (in {Durations.Text(TimeSpan.FromSeconds(Math.Round(seconds)))})" : Durations.Text(at);

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "nobody" : string.Join(", ", names);
}
