using ControlPlane.Errors;

namespace ControlPlane.Sessions;

/// <summary>The refusals that owner and gateway say in the same words.</summary>
internal static class Refusals
{
    public const string WorkerLost = "The worker that ran the session was lost and did not come back in time. Start another session.";

    public const string Restored =
        "The control plane was restored from a backup, and the worker does not hold the session's clones. Start another session.";

    public static Refusal Unknown { get; } =
        new(ErrorCode.SessionNotFound, "There is no such session. Sessions that ended are forgotten after a while.");

    public static Refusal Ended { get; } = new(ErrorCode.SessionEnded, "The session has ended. Start another one.");

    public static Refusal Forbidden { get; } = new(ErrorCode.SessionForbidden, "The session belongs to another workspace.");

    public static Refusal Starting { get; } = new(ErrorCode.SessionStarting, "The session is still starting. Try again.", TimeSpan.FromSeconds(1));

    public static Refusal BudgetSpent { get; } =
        new(ErrorCode.RequestBudgetExhausted, "The session has made all the requests of its rateLimit. Start another one.");

    public static Refusal WorkerAway { get; } =
        new(ErrorCode.CloneUnreachable, "The session's worker is not heard of. It is expected back.", TimeSpan.FromSeconds(2));

    public static Refusal WorkerMoved { get; } =
        new(ErrorCode.CloneUnreachable, "The session's worker has come back elsewhere. Try again.", TimeSpan.FromSeconds(1));

    public static Refusal NoClone(string name) => new(ErrorCode.CloneNotInSession, $"The session has no clone {name}.");

    public static Refusal Failed(string? lastError) => new(ErrorCode.SessionFailed, $"The session has failed: {lastError ?? "for an unknown reason"}");
}
