using ControlPlane.Authorization;
using ControlPlane.Errors;

namespace ControlPlane.Audit;

/// <summary>What somebody did or was refused to do; stored as a word, never reused.</summary>
public enum AuditAction
{
    WorkspaceCreate,
    WorkspaceRename,
    ApiKeyCreate,
    ApiKeyRotate,
    ApiKeyRevoke,
    MemberInvite,
    MemberJoin,
    MemberChange,
    MemberRemove,
    TokenCreate,
    TokenRevoke,

    /// <summary>A session was stopped by somebody else than its creator.</summary>
    SessionStop,
    GatewayEvict,
    WorkerDrain,
    WorkerUndrain,
    BackupTake,
    MemberUninvite,

    /// <summary>A device was let in, to act as the user.</summary>
    LoginApprove,
}

/// <summary>One administrative act. All that is in it was made here, or is a checked name of bounded length.</summary>
/// <param name="Id">Names the act, so that it is in the log once however often it is recorded.</param>
/// <param name="Actor">Who did it, as histories name callers.</param>
/// <param name="Target">The id of what it was done to; null when it has none, or none that could be one.</param>
/// <param name="Detail">A word or name that belongs to it, such as the role.</param>
/// <param name="From">The address that the call came from; null when it is not known.</param>
/// <param name="Refused">Why it was not done; null: it was.</param>
/// <param name="Omitted">How many refused acts before this one were not recorded because they were too many.</param>
public sealed record AuditEvent(
    string Id, string WorkspaceId, DateTimeOffset At, string Actor, AuditAction Action, string? Target, string? Detail, string? From,
    ErrorCode? Refused = null, int Omitted = 0)
{
    public static AuditEvent Of(
        Caller caller, AuditAction action, string? target, string? detail, DateTimeOffset now, Random random, string? workspaceId = null) =>
        new($"{random.NextInt64():x16}", workspaceId ?? caller.WorkspaceId, now, caller.Name, action, target, detail, caller.From);
}
