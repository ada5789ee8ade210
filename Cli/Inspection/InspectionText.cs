using System.Globalization;
using ControlPlane.Output;
using ControlPlane.Sessions;

namespace ControlPlane.Inspection;

/// <summary>What is known of a session, a line for each thing.</summary>
internal static class InspectionText
{
    public static void Line(string name, string text) => Screen.WriteLine($"{name + ":",-14}{text}");

    public static void Write(SessionSummary session)
    {
        Line("Session", $"{session.SessionId}, {session.Status}");
        Optional("Name", session.Name);
        Optional("Scenario", session.ScenarioId);
        Optional("Last error", session.LastError);
        Line("Workspace", session.WorkspaceId);
        Line("Created", $"{Durations.Text(session.CreatedAt)} by {session.CreatedBy}");
        Optional("Ended", session.EndedAt is { } ended ? Durations.Text(ended) : null);
        Optional("Labels", session.Labels is { Count: > 0 } labels ? string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}")) : null);
        foreach (var clone in session.CloneIds)
        {
            Line(clone, $"{session.Endpoints.GetValueOrDefault(clone, "-")} (seed {session.ResolvedSeeds.GetValueOrDefault(clone, "-")})");
        }
    }

    public static void Write(SessionLiveness liveness)
    {
        Line("Alive until", liveness.Alive ? $"{Durations.Text(liveness.AliveUntil)}, because of its {liveness.Because} deadline" : "-");
        Line("Last used", Durations.Text(liveness.LastUsedAt));
        Line("Idle at", Durations.Text(liveness.IdleAt));
        Line("End at", Durations.Text(liveness.EndAt));
        Line("Requests left", liveness.RequestsLeft?.ToString(CultureInfo.InvariantCulture) ?? "no budget");
    }

    private static void Optional(string name, string? text)
    {
        if (text is not null)
        {
            Line(name, text);
        }
    }
}
