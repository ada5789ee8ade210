using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Workspaces;

/// <summary>
/// <code>
/// POST  /api/workspaces                  make one and be its owner           a user's token
/// GET   /api/workspaces                  those that the caller can act in    workspaces:read
/// GET   /api/workspaces/{workspaceId}    one of them                         workspaces:read
/// PATCH /api/workspaces/{workspaceId}    give it another name                owner, admin
/// </code>
/// </summary>
internal static class WorkspaceEndpoints
{
    private const int LongestName = 100;

    private static async Task<Created<Workspace>> CreateAsync(
        HttpContext http, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var user = caller.UserId ?? throw new ControlPlaneException(
            ErrorCode.RoleMissing, "A workspace key belongs to its workspace and makes no other. Use a personal token.");
        var name = await NameAsync(http, cancellationToken);
        var (id, now) = (WorkspaceId.New(), time.GetUtcNow());
        await entities.User(user).MakeWorkspaceAsync(caller, id, name, cancellationToken);
        return TypedResults.Created($"/api/workspaces/{id}", new Workspace(id, name, now, Role.Owner.Word()));
    }

    private static async Task<Ok<Workspace>> RenameAsync(
        string workspaceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        var name = await NameAsync(http, cancellationToken);
        var view = await entities.Workspace(workspaceId).RenameAsync(caller, name, cancellationToken)
            ?? throw new ControlPlaneException(ErrorCode.NotFound, $"There is no workspace {workspaceId}.");
        return TypedResults.Ok(Answer(view, caller));
    }

    private static async Task<string> NameAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadAsync<NameWorkspaceRequest>(http, cancellationToken);
        return Texts.Checked("name", request.Name ?? throw Invalid.At("name", "say how it is called."), LongestName);
    }

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
        workspaces.MapPost("", CreateAsync).Audit(AuditAction.WorkspaceCreate).Describe("createWorkspace", "Make a workspace and be its owner")
            .Accepts<NameWorkspaceRequest>("application/json").Refuses(413);
        workspaces.MapPatch($"/{{{NamedWorkspace.RouteValue}}}", RenameAsync).ForAdministrators()
            .Audit(AuditAction.WorkspaceRename, NamedWorkspace.RouteValue).Describe("updateWorkspace", "Give a workspace another name")
            .Accepts<NameWorkspaceRequest>("application/json").Refuses(404, 413);
        workspaces.MapGet("", ListAsync).Describe("listWorkspaces", "The workspaces that the caller can act in");
        workspaces.MapGet($"/{{{NamedWorkspace.RouteValue}}}", GetAsync).Describe("getWorkspace", "One workspace").Refuses(404);
    }
}
