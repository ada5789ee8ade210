using ControlPlane.Credentials;
using ControlPlane.Workspaces;

namespace ControlPlane.Invitations;

/// <summary>One pending invitation into a workspace. It knows its code's digest and never the code. Keyed by that digest.</summary>
public interface IInvitation
{
    /// <summary>Makes the invitation. The same once more is harmless.</summary>
    Task CreateAsync(NewInvitation invitation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes the invitation for one user and answers when the user is a member and its first token works. Of several acceptances one wins;
    /// the same acceptance once more is answered the same.
    /// </summary>
    /// <exception cref="Errors.ControlPlaneException">
    /// 400 <c>invitation_invalid</c>: unknown, or withdrawn with the rights of whoever made it; 409 <c>invitation_used</c>; 410
    /// <c>invitation_expired</c>; 429: the workspace or the user is full, and the invitation can still be used.
    /// </exception>
    Task<Accepted> AcceptAsync(Acceptance by, CancellationToken cancellationToken = default);

    /// <summary>What was made, as the workspace sees it; null when it is another workspace's, or there is none.</summary>
    Task<InvitationView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets nobody take it any more. The workspace has marked it by then, so nobody who comes meanwhile becomes a member. Once more is harmless.
    /// False: there is none, or somebody has taken it.
    /// </summary>
    Task<bool> WithdrawAsync(CancellationToken cancellationToken = default);
}

/// <param name="Id">The digest of its code, which opens nothing.</param>
/// <param name="InvitedBy">The id of the user who made it.</param>
public sealed record InvitationView(
    string Id, string Email, Role Role, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Withdrawn);

/// <param name="InvitedBy">The id of the user who made it.</param>
public sealed record NewInvitation(
    string WorkspaceId, string Email, Role Role, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="UserId">Who becomes a member: a user that there is, or the id of a new one.</param>
/// <param name="Token">The new user's first token; null for a user that there is, who has one.</param>
/// <param name="From">The address that the call came from.</param>
public sealed record Acceptance(string UserId, FirstToken? Token, string? From);

/// <summary>A token that was made at the edge, where it is given away; only its digest goes any further.</summary>
public sealed record FirstToken(string Id, TokenDigest Digest);

/// <summary>What came of an acceptance.</summary>
public sealed record Accepted(string WorkspaceId, string UserId, string Email, Role Role);
