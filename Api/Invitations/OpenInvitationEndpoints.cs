using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Invitations;

/// <summary>
/// <code>
/// GET    /api/workspaces/{workspaceId}/invitations                   those that nobody has taken                            owner, admin
/// DELETE /api/workspaces/{workspaceId}/invitations/{invitationId}    withdraw one; 204 when nobody joins with it any more   owner, admin
/// </code>
/// </summary>
internal static class OpenInvitationEndpoints
{
    private static async Task<Ok<WorkspaceInvitationList>> ListAsync(
        string workspaceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var open = await entities.Workspace(workspaceId).InvitationsAsync(Acting.On(http).Caller, cancellationToken);
        return TypedResults.Ok(new WorkspaceInvitationList(
        [
            .. open.Select(view => new WorkspaceInvitation(view.Id, view.Email, view.Role.Word(), view.InvitedBy, view.CreatedAt, view.ExpiresAt)),
        ]));
    }

    private static async Task<NoContent> WithdrawAsync(
        string workspaceId, string invitationId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        return InvitationCode.IsKey(invitationId) && await entities.Workspace(workspaceId).WithdrawInvitationAsync(caller, invitationId, cancellationToken)
            ? TypedResults.NoContent()
            : throw new ControlPlaneException(
                ErrorCode.NotFound, "The workspace has no open invitation with this id: it was taken, has expired, or never was there. List those that are.");
    }

    public static void MapOpenInvitations(this IEndpointRouteBuilder routes)
    {
        var invitations = routes.MapGroup($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/invitations").WithTags("Members").ForOwners();
        invitations.MapGet("", ListAsync).Describe("listInvitations", "The open invitations of a workspace").Refuses(404);
        invitations.MapDelete("/{invitationId}", WithdrawAsync).Audit(AuditAction.MemberUninvite, "invitationId")
            .Describe("deleteInvitation", "Withdraw an invitation").Refuses(404);
    }
}
