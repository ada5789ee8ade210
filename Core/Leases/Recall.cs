using ControlPlane.Errors;

namespace ControlPlane.Leases;

/// <summary>What is asked of a gateway with a recall.</summary>
public enum RecallKind
{
    /// <summary>Drop the fact and cut what runs on it.</summary>
    Drop,

    /// <summary>Close a budget share and say what was left of it.</summary>
    Share,

    /// <summary>Say when the session was last used.</summary>
    Use,

    /// <summary>Nothing is taken away: the session's end has moved, so ask anew where streams run towards the old one.</summary>
    Renewed,
}

/// <summary>What an owner, or on its behalf the Gateway entity, tells a gateway.</summary>
/// <param name="Version">Of the change that takes away: facts granted up to it go, later ones stand.</param>
/// <param name="Because">What a request that is cut is told; null where nothing is cut.</param>
/// <param name="Share">The number of the share, for <see cref="RecallKind.Share"/>.</param>
public sealed record Recall(RecallKind Kind, Subject Subject, long Version, Refusal? Because = null, long Share = 0)
{
    /// <summary>An answer acknowledges the recalls of its kind for its subject, up to its version.</summary>
    public bool IsAnsweredBy(RecallAnswer answer) =>
        answer.Kind == Kind && answer.Subject == Subject && answer.Share == Share && answer.Version >= Version;
}

/// <summary>A gateway's acknowledgement: it holds nothing of what was recalled, and what ran on it has ended.</summary>
/// <param name="Incarnation">Who acknowledges.</param>
/// <param name="Unused">What was left of the share; 0 for an unknown or spent one.</param>
/// <param name="UsedAgo">How long ago the session was last used through this gateway; null when it was not.</param>
public sealed record RecallAnswer(
    string Incarnation, RecallKind Kind, Subject Subject, long Version, long Share = 0, int Unused = 0, TimeSpan? UsedAgo = null);

/// <summary>How a taking-away became true everywhere: <c>x-archal-revocation</c>.</summary>
/// <param name="Acknowledged">How many gateways were told and answered, or are known to be over.</param>
/// <param name="Waited">How many of them did not answer at once, so that their lease had to be asked for.</param>
/// <param name="Milliseconds">From the change being durable to the last acknowledgement.</param>
public sealed record RecallReport(int Acknowledged, int Waited, long Milliseconds)
{
    public static RecallReport Nobody { get; } = new(0, 0, 0);
}
