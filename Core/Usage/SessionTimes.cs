using ControlPlane.Sessions;

namespace ControlPlane.Usage;

/// <summary>What a session adds to its workspace's usage: itself when it runs, its time when it is over. Pure.</summary>
internal static class SessionTimes
{
    /// <summary>The reports that a session in this state has made or is to make; each is counted once however often it is made.</summary>
    public static IEnumerable<UsageReport> Of(string id, SessionState state)
    {
        yield return new UsageReport($"{id}+", 1, [new UsageRow(Day(state.CreatedAt), state.CreatedBy, Sessions: 1)]);
        if (state.EndedAt is { } end)
        {
            yield return new UsageReport($"{id}-", 1, [.. Days(state.CreatedAt, end, state.CreatedBy)]);
        }
    }

    /// <summary>The seconds of each day (UTC); a session lives for a week at most.</summary>
    private static IEnumerable<UsageRow> Days(DateTimeOffset start, DateTimeOffset end, string by)
    {
        for (var at = start; at < end;)
        {
            var day = Day(at);
            var midnight = new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            var until = midnight < end ? midnight : end;
            yield return new UsageRow(day, by, SessionSeconds: (long)Math.Round((until - at).TotalSeconds));
            at = until;
        }
    }

    private static DateOnly Day(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);
}
