using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Leases;

/// <summary>How long a gateway may decide unasked, and what follows from it.</summary>
public sealed class LeaseOptions
{
    public const string Section = "Leases";

    /// <summary>
    /// How long a gateway's lease lasts. Longer outlives longer silences of the owners; shorter bounds a revocation that cannot be
    /// delivered. Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a gateway decides on the facts it holds. False asks the owners for each request. Default: true.</summary>
    public bool Reuse { get; set; } = true;

    /// <summary>How long an owner waits for a gateway's own answer before it asks that gateway's lease too. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How much longer than its holder the Gateway entity counts a lease, as a share of it: the most by which two machines' monotonic
    /// clocks drift apart. Default: 0.01.
    /// </summary>
    [Range(0.0001, 0.5)]
    public double Drift { get; set; } = 0.01;

    /// <summary>How often a gateway renews, and reports use: a third of the lease.</summary>
    public TimeSpan Third => Duration / 3;

    /// <summary>How long the Gateway entity counts a lease that it has just given.</summary>
    public TimeSpan DurationWithDrift => Duration * (1 + Drift);
}
