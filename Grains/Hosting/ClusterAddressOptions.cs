using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Hosting;

/// <summary>Which cluster a process belongs to, and where a silo listens for the others.</summary>
public sealed class ClusterAddressOptions
{
    public const string Section = "Cluster";

    /// <summary>Names the data: records are found under it, so it never changes. Default: <c>archal</c>.</summary>
    [Required]
    public string ServiceId { get; set; } = "archal";

    /// <summary>Names the set of silos that know each other. Default: <c>main</c>.</summary>
    [Required]
    public string ClusterId { get; set; } = "main";

    /// <summary>The address that other silos and gateways reach this silo at: never a public one. Default: the loopback.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>For other silos. Default: 11111.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>For gateways. Default: 30000.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// Where the silo really listens for gateways, when something in front of it maps <see cref="GatewayPort"/> to another port. Unset: the
    /// same port.
    /// </summary>
    [Range(1, 65_535)]
    public int? GatewayListenPort { get; set; }
}
