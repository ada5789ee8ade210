using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Hosting;

/// <summary>
/// How soon the death of a silo is noticed, and how long a call waits for one that may be dead. With the defaults a dead or frozen silo is
/// noticed within 4 s, and a lease, which is at least twice that and a call, outlasts it: gateways go on admitting while its entities move.
/// </summary>
public sealed class FailoverOptions
{
    public const string Section = "Failover";

    /// <summary>
    /// How often silos ask each other for a sign of life, and how long that may take. Shorter notices a death sooner and takes a long
    /// garbage collection for one. Default: 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Probe { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many signs in a row must be missed. Default: 2.</summary>
    [Range(1, 10)]
    public int Missed { get; set; } = 2;

    /// <summary>
    /// How long a lease's renewal waits. It is repeated, so a short one finds a silo that lives before the lease is over. Default: 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan LeaseCall { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long any other call waits; longer only leaves its caller waiting for a silo that is gone. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan Call { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a silo writes into the membership table that it lives, and reads it. What starts after a cluster was killed whole waits for the addresses
    /// in the table until they have missed two of these. Default: 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan Alive { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest that one probe may take on a silo that finds itself slow. The engine also believes for this long, times the probes that may
    /// be missed, in a silo whose connection has carried anything: much longer, as by its default, and a frozen silo outlives leases.
    /// </summary>
    public TimeSpan LongestProbe => Probe * 1.5;

    /// <summary>From a silo's death to every other silo's knowing it: the probes it misses, and one that was under way.</summary>
    public TimeSpan Noticed => (LongestProbe * Missed) + Probe;

    /// <summary>The shortest lease that outlasts a failover: renewed each third, two thirds are left when a silo dies.</summary>
    public TimeSpan ShortestLease => (Noticed + LeaseCall) * 2;
}
