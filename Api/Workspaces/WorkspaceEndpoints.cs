using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Workspaces;

/// <summary>
/// <code>
/// GET /api/workspaces                  those that the caller can act in    workspaces:read
/// GET /api/workspaces/{workspaceId}    one of them                         workspaces:read
/// </code>
/// </summary>
internal static class WorkspaceEndpoints
{
    private static async Task<Ok<WorkspaceList>> ListAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.Must(Scopes.WorkspacesRead);
        var views = await Task.WhenAll((await IdsAsync(entities, caller, cancellationToken))
            .Select(id => entities.Workspace(id).DescribeAsync(cancellationToken)));

        // The user's own list is an index and never a right: the workspace says who its members are.
        var theirs = views.OfType<WorkspaceView>().Where(view => IsTheirs(view, caller));
        return TypedResults.Ok(new WorkspaceList([.. theirs.Select(view => Answer(view, caller))]));
    }

    private static async Task<Ok<Workspace>> GetAsync(
        string workspaceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.Must(Scopes.WorkspacesRead);
        var view = await entities.Workspace(workspaceId).DescribeAsync(cancellationToken)
            ?? throw new ControlPlaneException(ErrorCode.NotFound, $"There is no workspace {workspaceId}.");
        return TypedResults.Ok(Answer(view, caller));
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(IEntities entities, Caller caller, CancellationToken cancellationToken) =>
        caller.UserId is { } user
            ? [.. (await entities.User(user).DescribeAsync(cancellationToken))?.Workspaces.Append(caller.WorkspaceId).Distinct() ?? [caller.WorkspaceId]]
            : [caller.WorkspaceId];

    private static bool IsTheirs(WorkspaceView view, Caller caller) =>
        caller.UserId is { } user ? view.Members.ContainsKey(user) : view.Id == caller.WorkspaceId;

    private static Workspace Answer(WorkspaceView view, Caller caller) => new(
        view.Id, view.Name, view.CreatedAt, caller.UserId is { } user && view.Members.TryGetValue(user, out var role) ? role.Word() : null);

    public static void MapWorkspaces(this IEndpointRouteBuilder routes)
    {
        var workspaces = routes.MapGroup("/api/workspaces").WithTags("Workspaces");
        workspaces.MapGet("", ListAsync).Describe("listWorkspaces", "The workspaces that the caller can act in");
        workspaces.MapGet($"/{{{NamedWorkspace.RouteValue}}}", GetAsync).Describe("getWorkspace", "One workspace").Refuses(404);
    }
}
