using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Targets;

/// <summary>What the raw request line and the one <c>Host</c> name: a clone, something of our own, or nothing.</summary>
/// <param name="Refusal">Why it names nothing; null otherwise.</param>
/// <param name="SessionId">In lower case; empty when the target is our own.</param>
/// <param name="CloneName">In lower case; empty when the target is our own.</param>
/// <param name="Start">Where, in the raw target, begins what the clone sees: after <c>/&lt;clone&gt;</c>.</param>
public readonly record struct Target(Refusal? Refusal, CloneForm Form, string SessionId, string CloneName, int Start)
{
    /// <summary>Our own pages: the management API, health, the login page.</summary>
    public static Target Own => new(null, default, "", "", 0);

    /// <summary>Whether it names a clone.</summary>
    public bool IsClone => CloneName is { Length: > 0 };

    /// <summary>It names nothing.</summary>
    public static Target Refused(ErrorCode code, string message) => new(new Refusal(code, message), default, "", "", 0);
}
