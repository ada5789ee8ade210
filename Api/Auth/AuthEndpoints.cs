using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.OpenApi;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Auth;

/// <summary>
/// <code>
/// GET /auth/me    who calls, and where; any valid credential
/// </code>
/// </summary>
internal static class AuthEndpoints
{
    /// <summary>There is nothing to buy here.</summary>
    private const string Plan = "self-hosted";

    private static async Task<Ok<AuthMe>> MeAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var (caller, credential, _) = Acting.On(http);
        var user = caller.UserId is { } id ? await entities.User(id).DescribeAsync(cancellationToken) : null;
        var catalogue = await entities.Workers.CatalogueAsync(cancellationToken);
        return TypedResults.Ok(new AuthMe
        {
            UserId = caller.UserId ?? caller.CredentialId,
            Email = user?.Email,
            Plan = Plan,
            SelectedCloneIds = [.. catalogue.Select(clone => clone.Id)],
            CredentialKind = Word(caller.Kind),
            WorkspaceId = caller.WorkspaceId,
            Role = (await RoleAsync(entities, caller, cancellationToken))?.Word(),
            Scopes = caller.Grant.ToWords(),
            ExpiresAt = credential.ExpiresAt,
        });
    }

    /// <summary>The role that is stored: a fact in hand may be from before it was raised.</summary>
    private static async Task<Role?> RoleAsync(IEntities entities, Caller caller, CancellationToken cancellationToken) =>
        caller.UserId is { } user
        && (await entities.Workspace(caller.WorkspaceId).DescribeAsync(cancellationToken))?.Members.TryGetValue(user, out var role) == true
            ? role
            : caller.Role;

    internal static string Word(CredentialKind kind) => kind switch
    {
        CredentialKind.WorkspaceKey => "workspace_key",
        CredentialKind.Personal => "personal",
        _ => "login",
    };

    public static void MapAuth(this IEndpointRouteBuilder routes) => routes.MapGet("/auth/me", MeAsync)
        .WithTags("Auth").Describe("getCurrentCliUser", "Who calls, and where");
}
