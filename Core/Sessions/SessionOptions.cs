using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Sessions;

/// <summary>How long sessions live (contract 2.7).</summary>
public sealed class SessionOptions
{
    public const string Section = "Sessions";

    /// <summary>How long a session lives without use. Longer keeps forgotten sessions on the workers. Default: 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>From creation to the absolute end, for sessions that name none. Default: 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan DefaultTtl { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an ended session is still known as ended. Longer costs storage. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a worker may take to start a session's clones before the session has failed. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Renewing never moves the end past creation and this.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(7);
}
