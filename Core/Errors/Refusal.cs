namespace ControlPlane.Errors;

/// <summary>A "no" that is an expected answer.</summary>
/// <param name="Message">What happened, to what, and what to do. Never a token, never an internal address.</param>
/// <param name="RetryAfter">When trying again may help; null when it will not.</param>
public sealed record Refusal(ErrorCode Code, string Message, TimeSpan? RetryAfter = null);

/// <summary>The one exception that carries a refusal through the layers; one place at the edge turns it into an answer.</summary>
public sealed class ControlPlaneException(Refusal refusal, Exception? cause = null) : Exception(refusal.Message, cause)
{
    public ControlPlaneException(ErrorCode code, string message) : this(new Refusal(code, message))
    {
    }

    public Refusal Refusal { get; } = refusal;

    public ErrorCode Code => Refusal.Code;
}
