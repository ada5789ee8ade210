using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ControlPlane.Telemetry;

/// <summary>
/// The one name under which everything here is measured and traced. Instruments are named, with what to do about them, in
/// <c>docs/operations.md</c>; their tags are words from small closed sets and never ids. While nobody listens they cost next to nothing.
/// </summary>
public static class Signals
{
    public const string Name = "archal";

    private static readonly string Version = typeof(Signals).Assembly.GetName().Version?.ToString(3) ?? "";

    public static Meter Meter { get; } = new(Name, Version);

    public static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>For durations in seconds, from a memory look-up to a lease that has to run out.</summary>
    public static InstrumentAdvice<double> Latency { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    };

    /// <summary>A tag that is made once and used for every measurement.</summary>
    public static KeyValuePair<string, object?> Tag(string name, string word) => new(name, word);
}
