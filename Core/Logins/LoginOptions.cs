using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Logins;

/// <summary>Device logins.</summary>
public sealed class LoginOptions
{
    public const string Section = "Logins";

    /// <summary>How long a login token lasts. Longer spares people logins; shorter bounds what a lost machine may do. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "366.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromDays(30);
}
