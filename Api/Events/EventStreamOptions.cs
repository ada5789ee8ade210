using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Events;

/// <summary>Streams of events, as each gateway process keeps them open.</summary>
public sealed class EventStreamOptions
{
    public const string Section = "Events";

    /// <summary>
    /// How many streams one workspace has open at a time at one process. Each asks the owner again every two seconds at least: more are
    /// more calls. Default: 100.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxStreams { get; set; } = 100;

    /// <summary>
    /// How often a stream says that it is there when nothing happens. Shorter keeps it open behind proxies that soon give up; longer costs
    /// fewer bytes. Default: 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);
}
