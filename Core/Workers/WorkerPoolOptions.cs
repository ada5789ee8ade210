using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Workers;

/// <summary>How long the pool bears with a silent worker (contract 2.6).</summary>
public sealed class WorkerPoolOptions
{
    public const string Section = "Workers";

    /// <summary>
    /// A worker that was silent for this long is given no sessions, and its own answer 502 with a time to come back. It must outlast several
    /// missed heartbeats; longer sends new sessions to a worker that is gone. Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A worker that comes back with its data directory within this time goes on with its sessions; after it they have failed. Longer lets
    /// callers wait for what may never return; shorter leaves less time to restart a machine. Default: 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan ReturnWithin { get; set; } = TimeSpan.FromSeconds(30);
}
