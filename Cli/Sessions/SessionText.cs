using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>A session as a person reads it.</summary>
internal static class SessionText
{
    public static IEnumerable<string> Of(SessionSummary session, DateTimeOffset now)
    {
        yield return HeadOf(session, now);
        if (session.Status is not ("running" or "starting"))
        {
            yield break;
        }

        foreach (var clone in session.CloneIds)
        {
            yield return $"{clone} clone ready: {session.ApiBaseUrls.GetValueOrDefault(clone, "-")}";
            yield return $"{clone} MCP: {session.Mcp.GetValueOrDefault(clone, "-")}";
        }
    }

    public static string HeadOf(SessionSummary session, DateTimeOffset now) => session.Status switch
    {
        "running" or "starting" =>
            $"Session: {session.SessionId} ({session.Status}, "
            + $"{Durations.Remaining(session.ExpiresAt, now)} left, until {Durations.Text(session.ExpiresAt)})",
        _ => $"Session: {session.SessionId} ({session.Status}{(session.LastError is null ? "" : $": {session.LastError}")})",
    };
}
