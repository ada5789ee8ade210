using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
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
/// POST   /api/workspaces/{workspaceId}/api-keys                   make a key; its secret is in this answer alone       owner, admin
/// GET    /api/workspaces/{workspaceId}/api-keys                   list the keys                                        owner, admin
/// POST   /api/workspaces/{workspaceId}/api-keys/{keyId}/rotate    another secret, in this answer alone                 owner, admin
/// DELETE /api/workspaces/{workspaceId}/api-keys/{keyId}           revoke one; 204 when it is true everywhere           owner, admin
/// </code>
/// </summary>
internal static class ApiKeyEndpoints
{
    private const int UsualGraceSeconds = 3_600;
    private const int LongestGraceSeconds = 604_800;

    private static async Task<Created<ApiKey>> CreateAsync(
        string workspaceId, HttpContext http, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        var order = ApiKeyOrder.Check(await JsonBody.ReadAsync<CreateApiKeyRequest>(http, cancellationToken));

        if (order.Grant.SessionId is { } session)
        {
            // One that is mistyped would be found by nobody: the key would open nothing.
            await entities.Session(session).DescribeAsync(caller, cancellationToken);
        }

        // The token is made here and given away here: only its digest goes any further.
        var id = Token.NewId();
        var secret = Token.Create(CredentialKind.WorkspaceKey, id);
        var now = time.GetUtcNow();
        var key = new NewCredential(
            CredentialKind.WorkspaceKey, workspaceId, null, order.Label, order.Grant.Scopes, TokenDigest.Of(secret),
            now, caller.Name, now + order.ExpiresIn, order.Grant.SessionId);
        await entities.Workspace(workspaceId).CreateKeyAsync(caller, id, key, cancellationToken);

        http.Response.Headers.CacheControl = "no-store";
        var view = new CredentialView(id, key.Kind, key.Label, key.Scopes, key.CreatedAt, key.CreatedBy, null, key.ExpiresAt, null, key.SessionId);
        return TypedResults.Created($"/api/workspaces/{workspaceId}/api-keys/{id}", Answer(view) with { Secret = secret });
    }

    private static async Task<Ok<ApiKeyList>> ListAsync(
        string workspaceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var keys = await entities.Workspace(workspaceId).KeysAsync(Acting.On(http).Caller, cancellationToken);
        return TypedResults.Ok(new ApiKeyList([.. keys.Select(Answer)]));
    }

    private static async Task<NoContent> RevokeAsync(
        string keyId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        var report = Token.IsId(keyId)
            ? await entities.Credential(keyId).RevokeAsync(caller, cancellationToken)
            : null;
        http.Response.Report(report ?? throw new ControlPlaneException(ErrorCode.NotFound, "The workspace has no key with this id."));
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ApiKey>> RotateAsync(
        string keyId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.MustAdminister();
        var order = await JsonBody.ReadIfAnyAsync<RotateApiKeyRequest>(http, cancellationToken);
        var grace = Texts.InRange("graceSeconds", order?.GraceSeconds, 0, LongestGraceSeconds) ?? UsualGraceSeconds;
        var secret = Token.IsId(keyId) ? Token.Create(CredentialKind.WorkspaceKey, keyId) : "";
        var rotation = Token.IsId(keyId)
            ? await entities.Credential(keyId).RotateAsync(caller, TokenDigest.Of(secret), TimeSpan.FromSeconds(grace), cancellationToken)
            : null;
        var (key, report) = rotation ?? throw new ControlPlaneException(
            ErrorCode.NotFound, "The workspace has no key with this id that could be rotated: it is unknown, revoked or expired.");
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Report(report);
        return TypedResults.Ok(Answer(key) with { Secret = secret });
    }

    private static ApiKey Answer(CredentialView view) => new()
    {
        Id = view.Id,
        Label = view.Label,
        Prefix = Token.Shown(view.Kind, view.Id),
        Scopes = view.Grant.ToWords(),
        CreatedAt = view.CreatedAt,
        CreatedBy = view.CreatedBy,
        LastUsedAt = view.LastUsedAt,
        ExpiresAt = view.ExpiresAt,
        RevokedAt = view.RevokedAt,
    };

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/api-keys").WithTags("Keys").ForAdministrators().Refuses(404);
        keys.MapPost("", CreateAsync).Audit(AuditAction.ApiKeyCreate).Describe("createApiKey", "Make a key").Accepts<CreateApiKeyRequest>("application/json").Refuses(413);
        keys.MapGet("", ListAsync).Describe("listApiKeys", "List the keys");
        keys.MapPost("/{keyId}/rotate", RotateAsync).Audit(AuditAction.ApiKeyRotate, "keyId").Describe("rotateApiKey", "Give a key another secret")
            .Accepts<RotateApiKeyRequest>(isOptional: true, "application/json").Refuses(413);
        keys.MapDelete("/{keyId}", RevokeAsync).Audit(AuditAction.ApiKeyRevoke, "keyId").Describe("deleteApiKey", "Revoke a key");
    }
}
