using System.Collections.Immutable;
using ControlPlane.Audit;
using ControlPlane.Credentials;
using ControlPlane.Workspaces;

namespace ControlPlane.Users;

/// <summary>A workspace that a user makes; saved with the user's own change.</summary>
public sealed record WorkspaceToMake(string Id, NewWorkspace Workspace);

/// <summary>The record of one user.</summary>
/// <param name="Workspaces">Where the user is, or once was, a member: an index and never a right.</param>
/// <param name="Tokens">The ids of the user's personal tokens, the oldest first.</param>
/// <param name="Made">How many workspaces the user has made.</param>
/// <param name="ToMake">Tokens whose credential is still to be made.</param>
/// <param name="ToFound">Workspaces that are still to be made.</param>
/// <param name="ToAudit">What audit logs do not know yet.</param>
/// <param name="Logins">The ids of the tokens of devices that the user let in, the oldest first.</param>
public sealed record UserState(
    string? Email, ImmutableList<string> Workspaces, ImmutableList<string>? Tokens = null, int Made = 0,
    ImmutableList<KeyToMake>? ToMake = null, ImmutableList<WorkspaceToMake>? ToFound = null, ImmutableList<AuditEvent>? ToAudit = null,
    ImmutableList<string>? Logins = null)
    : IAudited<UserState>
{
    /// <summary>In so many workspaces a user is at most.</summary>
    public const int MostWorkspaces = 500;

    public static UserState None { get; } = new(null, []);

    /// <summary>Whether something is left to do that a crash must not leave undone.</summary>
    internal bool HasLeft => ToMake is not null || ToFound is not null || ToAudit is not null;

    public UserState Auditing(ImmutableList<AuditEvent>? toAudit) => this with { ToAudit = toAudit };

    public UserState Joined(string workspaceId) =>
        Workspaces.Contains(workspaceId) ? this : this with { Workspaces = Workspaces.Add(workspaceId) };

    /// <summary>The ids of the tokens of a kind.</summary>
    internal ImmutableList<string> Ids(CredentialKind kind) => (kind == CredentialKind.Login ? Logins : Tokens) ?? [];

    internal UserState With(CredentialKind kind, ImmutableList<string> ids) =>
        kind == CredentialKind.Login ? this with { Logins = ids } : this with { Tokens = ids };

    internal UserState TokenMade(KeyToMake made) => this with { ToMake = Left(ToMake, made) };

    internal UserState Founded(WorkspaceToMake made) => this with { ToFound = Left(ToFound, made) };

    private static ImmutableList<T>? Left<T>(ImmutableList<T>? waiting, T done) => waiting?.Remove(done) is { IsEmpty: false } left ? left : null;
}
