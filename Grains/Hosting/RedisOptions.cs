using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Hosting;

/// <summary>The Redis that holds the cluster's membership, records and reminders.</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>Hosts and ports, with options as StackExchange.Redis writes them. Default: <c>127.0.0.1:6379</c>.</summary>
    [Required]
    public string Connection { get; set; } = "127.0.0.1:6379";

    /// <summary>Its password; there is no default. Empty: Redis asks for none.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// Whether to start on a Redis that may forget what it acknowledged. True is for trials: after a crash of Redis, or a failover to
    /// a replica, a revoked key may be good again. Default: false.
    /// </summary>
    public bool AllowWeakDurability { get; set; }

    /// <summary>How long a command may take. Shorter than a call to an entity, so that the entity can say what went wrong. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}
