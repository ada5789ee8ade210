namespace ControlPlane.Errors;

/// <summary>A "no" that is an expected answer.</summary>
/// <param name="Message">What happened, to what, and what to do. Never a token, never an internal address.</param>
/// <param name="RetryAfter">When trying again may help; null when it will not, or, of a quota, when nobody can know.</param>
public sealed record Refusal(ErrorCode Code, string Message, TimeSpan? RetryAfter = null);

/// <summary>
/// The one exception that carries a refusal through the layers; one place at the edge turns it into an answer. A 429 that passes says when to
/// try again (contract 2.4), so one that does not know gets <see cref="UnknownWait"/> here, where every one comes by.
/// </summary>
public sealed class ControlPlaneException(Refusal refusal, Exception? cause = null) : Exception(refusal.Message, cause)
{
    public ControlPlaneException(ErrorCode code, string message) : this(new Refusal(code, message))
    {
    }

    /// <summary>
    /// When a quota whose place somebody must give back, nobody knows when, is worth another try: soon enough for whoever cleans up meanwhile,
    /// and no load from those who only wait.
    /// </summary>
    public static readonly TimeSpan UnknownWait = TimeSpan.FromMinutes(1);

    public Refusal Refusal { get; } = refusal is { Code: ErrorCode.QuotaExceeded or ErrorCode.TooManyRequests, RetryAfter: null }
        ? refusal with { RetryAfter = UnknownWait }
        : refusal;

    public ErrorCode Code => Refusal.Code;
}
