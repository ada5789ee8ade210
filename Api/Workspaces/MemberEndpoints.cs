using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Workspaces;

/// <summary>
/// <code>
/// PATCH  /api/workspaces/{workspaceId}/members/{userId}    change a role; answers when it is true everywhere      owner, admin
/// DELETE /api/workspaces/{workspaceId}/members/{userId}    remove a member; 204 when it is true everywhere        owner, admin
/// </code>
/// </summary>
internal static class MemberEndpoints
{
    /// <summary>No user's id is longer; what is longer is not asked for.</summary>
    private const int LongestId = 64;

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
        var members = routes.MapGroup($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/members").WithTags("Members").ForAdministrators().Refuses(404, 409);
        members.MapPatch("/{userId}", ChangeAsync).Describe("updateMember", "Change a member's role").Accepts<ChangeMemberRequest>("application/json").Refuses(413);
        members.MapDelete("/{userId}", RemoveAsync).Describe("deleteMember", "Remove a member");
    }
}
