using System.Diagnostics;
using System.Diagnostics.Metrics;
using ControlPlane.Telemetry;

namespace ControlPlane.Records;

/// <summary>How long the store takes, whichever it is, as an entity sees it: with the wait for others that are written in the same turn.</summary>
internal static class StoreMeter
{
    private static readonly Histogram<double> Duration = Signals.Meter.CreateHistogram(
        "archal.store.duration", "s", "How long a read or a write of one record or log took.", advice: Signals.Latency);

    public static async Task<T> MeasureAsync<T>(string record, string operation, Func<T, string> outcome, Func<Task<T>> runAsync)
    {
        var began = Stopwatch.GetTimestamp();
        var came = "failed";
        try
        {
            var answer = await runAsync();
            came = outcome(answer);
            return answer;
        }
        finally
        {
            Duration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds, Signals.Tag("record", record), Signals.Tag("operation", operation),
                Signals.Tag("outcome", came));
        }
    }

    public static string Wrote(bool written) => written ? "ok" : "conflict";

    public static string Done<T>(T answer) => "ok";

    /// <summary>A record's kind in one word: <c>SessionState</c> is <c>session</c>.</summary>
    public static string Word(Type record) => record.Name.Replace("State", "", StringComparison.Ordinal).ToLowerInvariant();
}
