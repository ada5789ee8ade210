namespace ControlPlane.Audit;

/// <summary>An administrative act.</summary>
/// <param name="Actor"><c>user:…</c> or <c>key:…</c>.</param>
/// <param name="Action">Such as <c>api_key.revoke</c>.</param>
/// <param name="Target">The id of what it was done to.</param>
/// <param name="Detail">A word or name that belongs to it, such as the role.</param>
/// <param name="From">The address that the call came from.</param>
/// <param name="Outcome"><c>done</c> or <c>refused</c>.</param>
/// <param name="Code">Of the refusal.</param>
/// <param name="Omitted">Refused acts before this one that were not recorded, because they were too many within an hour.</param>
public sealed record AuditLine(
    string Id, DateTimeOffset At, string Actor, string Action, string? Target, string? Detail, string? From, string Outcome, string? Code, int? Omitted);

/// <summary>Administrative acts in a workspace, newest first.</summary>
public sealed record AuditLineList(IReadOnlyList<AuditLine> AuditEvents, string? NextCursor);
