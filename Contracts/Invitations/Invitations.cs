using System.Text.Json.Serialization;
using ControlPlane.Users;

namespace ControlPlane.Invitations;

/// <summary>The body of <c>POST /api/workspaces/{ws}/members</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record InviteMemberRequest
{
    /// <summary>Whom the invitation is for. Nothing is sent there.</summary>
    public string? Email { get; init; }

    /// <summary><c>owner</c>, <c>admin</c> or <c>member</c>; <c>member</c> when absent.</summary>
    public string? Role { get; init; }
}

/// <summary>An invitation, as it was made.</summary>
/// <param name="Id">Names it in lists, and opens nothing.</param>
/// <param name="Invitation">The code, in this answer and nowhere else. Whoever has it joins with it, once.</param>
public sealed record MemberInvitation(string Id, string Invitation, string Email, string Role, DateTimeOffset ExpiresAt);

/// <summary>An invitation that nobody has taken yet.</summary>
/// <param name="InvitedBy">The id of the user who made it.</param>
public sealed record WorkspaceInvitation(string Id, string Email, string Role, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>The open invitations of a workspace, the latest first.</summary>
public sealed record WorkspaceInvitationList(IReadOnlyList<WorkspaceInvitation> Invitations);

/// <summary>The body of <c>POST /auth/invitations/accept</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AcceptInvitationRequest
{
    /// <summary>The code.</summary>
    public string? Invitation { get; init; }
}

/// <summary>A member that came with an invitation.</summary>
/// <param name="Token">The new user's first token; absent for a user that there was.</param>
public sealed record AcceptedInvitation(string UserId, string WorkspaceId, string Email, string Role, PersonalToken? Token);
