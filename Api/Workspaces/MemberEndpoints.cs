using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using ControlPlane.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Workspaces;

/// <summary>
/// <code>
/// POST   /api/workspaces/{workspaceId}/members             invite somebody; the code is in this answer alone          owner, admin
/// GET    /api/workspaces/{workspaceId}/members             who they are                                               owner, admin
/// PATCH  /api/workspaces/{workspaceId}/members/{userId}    change a role; answers when it is true everywhere      owner, admin
/// DELETE /api/workspaces/{workspaceId}/members/{userId}    remove a member; 204 when it is true everywhere        owner, admin
/// </code>
/// </summary>
internal static class MemberEndpoints
{
    /// <summary>No user's id is longer; what is longer is not asked for.</summary>
    private const int LongestId = 64;

    private static async Task<Created<MemberInvitation>> InviteAsync(
        string workspaceId, HttpContext http, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        var request = await JsonBody.ReadAsync<InviteMemberRequest>(http, cancellationToken);
        var email = Texts.Email("email", request.Email ?? throw Invalid.At("email", "say whom the invitation is for."));
        var role = request.Role is null ? Role.Member : RoleOf(request.Role);

        // The code is made here and given away here: only its digest goes any further.
        var (code, now) = (InvitationCode.New(), time.GetUtcNow());
        var invitation = new NewInvitation(workspaceId, email, role, caller.UserId!, now, now + InvitationState.Lifetime); // Administrators are users.
        var id = InvitationCode.KeyOf(code)!; // It was just made.
        await entities.Workspace(workspaceId).InviteAsync(caller, id, invitation, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/workspaces/{workspaceId}/members", new MemberInvitation(id, code, email, role.Word(), invitation.ExpiresAt));
    }

    private static async Task<Ok<MemberList>> ListAsync(
        string workspaceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        Acting.On(http).Caller.MustAdminister();
        var members = (await entities.Workspace(workspaceId).DescribeAsync(cancellationToken))?.Members ?? new Dictionary<string, Role>();
        var users = await Task.WhenAll(members.Keys.Select(id => entities.User(id).DescribeAsync(cancellationToken)));
        var emails = users.OfType<UserView>().ToDictionary(user => user.Id, user => user.Email);
        return TypedResults.Ok(new MemberList(
        [
            .. members.OrderBy(member => member.Value).ThenBy(member => member.Key, StringComparer.Ordinal)
                .Select(member => new Member(member.Key, member.Value.Word(), emails.GetValueOrDefault(member.Key))),
        ]));
    }

    private static async Task<Ok<Member>> ChangeAsync(
        string workspaceId, string userId, HttpContext http, IEntities entities, Admission admission, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        var role = RoleOf((await JsonBody.ReadAsync<ChangeMemberRequest>(http, cancellationToken)).Role);
        LeaveIfItself(http, caller, userId, admission);
        var report = userId.Length <= LongestId
            ? await entities.Workspace(workspaceId).SetMemberAsync(caller, userId, role, addAfter: null, cancellationToken)
            : null;
        http.Response.Report(report ?? throw Unknown());
        return TypedResults.Ok(new Member(userId, role.Word()));
    }

    private static async Task<NoContent> RemoveAsync(
        string workspaceId, string userId, HttpContext http, IEntities entities, Admission admission, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        LeaveIfItself(http, caller, userId, admission);
        var report = userId.Length <= LongestId
            ? await entities.Workspace(workspaceId).RemoveMemberAsync(caller, userId, cancellationToken)
            : null;
        http.Response.Report(report ?? throw Unknown());
        return TypedResults.NoContent();
    }

    /// <summary>A request that takes its own caller's membership away is not cut by that: somebody has to say that it is done.</summary>
    private static void LeaveIfItself(HttpContext http, Caller caller, string userId, Admission admission)
    {
        if (caller.UserId == userId)
        {
            admission.Leave(Acting.On(http).Request);
        }
    }

    private static Role RoleOf(string? word) => RoleWords.TryParse(word, out var role)
        ? role
        : throw Invalid.At("role", "owner, admin or member.");

    private static ControlPlaneException Unknown() => new(ErrorCode.NotFound, "The workspace has no member with this id.");

    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/members").WithTags("Members").ForOwners().Refuses(404, 409);
        members.MapPost("", InviteAsync).Audit(AuditAction.MemberInvite).Describe("inviteMember", "Invite somebody")
            .Accepts<InviteMemberRequest>("application/json").Refuses(413);
        members.MapGet("", ListAsync).Describe("listMembers", "The members of a workspace");
        members.MapPatch("/{userId}", ChangeAsync).Audit(AuditAction.MemberChange, "userId").Describe("updateMember", "Change a member's role").Accepts<ChangeMemberRequest>("application/json").Refuses(413);
        members.MapDelete("/{userId}", RemoveAsync).Audit(AuditAction.MemberRemove, "userId").Describe("deleteMember", "Remove a member");
    }
}
