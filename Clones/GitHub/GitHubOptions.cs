namespace ControlPlane.GitHub;

/// <summary>What can be set about the GitHub clone.</summary>
public sealed record GitHubOptions
{
    /// <summary>
    /// Requests in each window, per session, as the <c>core</c> bucket; what is over it is refused. GitHub's own is 5 000; a long test suite
    /// may want more.
    /// </summary>
    public int CoreLimit { get; init; } = 5000;

    /// <summary>How long a window lasts from its first request. GitHub's own is an hour.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromHours(1);
}
