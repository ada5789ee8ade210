using System.Diagnostics;
using System.Diagnostics.Metrics;
using ControlPlane.Telemetry;

namespace ControlPlane.Storage;

/// <summary>The one writer's transactions: how long each took, with its flush of the disk, and how many shared it.</summary>
internal static class CommitMeter
{
    private static readonly Histogram<double> Duration = Signals.Meter.CreateHistogram(
        "archal.sqlite.commit.duration", "s", "How long a transaction took, the flush of the disk included.", advice: Signals.Latency);

    private static readonly Histogram<int> Writes = Signals.Meter.CreateHistogram(
        "archal.sqlite.commit.writes", "{write}", "How many writes shared a transaction.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    public static void Committed(long began, int writes, string outcome)
    {
        Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Signals.Tag("outcome", outcome));
        Writes.Record(writes);
    }
}
