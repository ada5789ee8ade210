using System.Globalization;

namespace ControlPlane.Output;

/// <summary>Spans and moments as people read them: the two largest units, and UTC to the second.</summary>
internal static class Durations
{
    public static string Text(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalMinutes: < 1 } => Invariant($"{span.Seconds} s"),
        { TotalHours: < 1 } => span.Seconds == 0 ? Invariant($"{span.Minutes} min") : Invariant($"{span.Minutes} min {span.Seconds} s"),
        { TotalDays: < 1 } => span.Minutes == 0 ? Invariant($"{span.Hours} h") : Invariant($"{span.Hours} h {span.Minutes} min"),
        _ => span.Hours == 0 ? Invariant($"{span.Days} d") : Invariant($"{span.Days} d {span.Hours} h"),
    };

    public static string Text(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Text(DateTimeOffset? moment) => moment is { } known ? Text(known) : "-";

    /// <summary>Rounded to a second, so that a session just made for 30 minutes does not have 29 min 59 s.</summary>
    public static string Remaining(DateTimeOffset until, DateTimeOffset now) =>
        Text(TimeSpan.FromSeconds(Math.Round((until - now).TotalSeconds)));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
