namespace ControlPlane.Errors;

/// <summary>What the headers of a refusal say beside its code.</summary>
public static class RefusalHeaders
{
    /// <summary>The value of <c>WWW-Authenticate</c>; whoever sent nothing is told the scheme and nothing else (RFC 6750, 3.1).</summary>
    public static string Challenge(this ErrorCode code) => code == ErrorCode.CredentialMissing
        ? "Bearer"
        : $"Bearer error=\"invalid_token\", error_description=\"{code.Title()}\"";

    /// <summary>
    /// The value of <c>Retry-After</c> in seconds, at least 1: up to half as long again as was meant, so that those who were refused together do
    /// not come back together.
    /// </summary>
    public static long Jittered(TimeSpan after) => (long)Math.Ceiling(Math.Max(1, after.TotalSeconds) * (1 + (Random.Shared.NextDouble() / 2)));
}
