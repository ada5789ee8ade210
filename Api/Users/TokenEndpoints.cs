using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
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

namespace ControlPlane.Users;

/// <summary>
/// A user's own tokens; a workspace's key has no user:
/// <code>
/// POST   /api/me/tokens              make one; its secret is in this answer alone
/// GET    /api/me/tokens              list them, and the logins of devices that the user let in
/// DELETE /api/me/tokens/{tokenId}    revoke one; 204 when it is true everywhere
/// </code>
/// </summary>
internal static class TokenEndpoints
{
    private const int LongestLabel = 100;
    private const int LongestLifeSeconds = 31_536_000;

    private static async Task<Created<PersonalToken>> CreateAsync(
        HttpContext http, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var user = UserOf(caller);
        var request = await JsonBody.ReadAsync<CreateTokenRequest>(http, cancellationToken);
        var label = Texts.Checked("label", request.Label ?? throw Invalid.At("label", "say what the token is for."), LongestLabel);
        var life = Texts.InRange("expiresInSeconds", request.ExpiresInSeconds, 1, LongestLifeSeconds);

        // The token is made here and given away here: only its digest goes any further. It may do no more than the one that made it.
        var (id, now) = (Token.NewId(), time.GetUtcNow());
        var secret = Token.Create(CredentialKind.Personal, id);
        var token = new NewCredential(
            CredentialKind.Personal, caller.WorkspaceId, user, label, caller.Scopes, TokenDigest.Of(secret), now, caller.Name,
            life is { } seconds ? now.AddSeconds(seconds) : null);
        await entities.User(user).CreateTokenAsync(caller, id, token, cancellationToken);

        http.Response.Headers.CacheControl = "no-store";
        var view = new CredentialView(id, token.Kind, label, token.Scopes, now, token.CreatedBy, null, token.ExpiresAt, null);
        return TypedResults.Created($"/api/me/tokens/{id}", Answer(view) with { Secret = secret });
    }

    private static async Task<Ok<PersonalTokenList>> ListAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var tokens = await entities.User(UserOf(caller)).TokensAsync(caller.CredentialId, cancellationToken);
        return TypedResults.Ok(new PersonalTokenList([.. tokens.Select(Answer)]));
    }

    private static async Task<NoContent> RevokeAsync(
        string tokenId, HttpContext http, IEntities entities, Admission admission, CancellationToken cancellationToken)
    {
        var (caller, _, request) = Acting.On(http);
        UserOf(caller);
        if (tokenId == caller.CredentialId)
        {
            // A request that revokes its own token is not cut by that: somebody has to say that it is done.
            admission.Leave(request);
        }

        var report = Token.IsId(tokenId) ? await entities.Credential(tokenId).RevokeOwnAsync(caller, cancellationToken) : null;
        http.Response.Report(report ?? throw new ControlPlaneException(ErrorCode.NotFound, "You have no token with this id. See GET /api/me/tokens."));
        return TypedResults.NoContent();
    }

    private static string UserOf(Caller caller) => caller.UserId ?? throw new ControlPlaneException(
        ErrorCode.RoleMissing, "A workspace key is nobody's, and has no tokens. Use a personal token.");

    internal static PersonalToken Answer(CredentialView view) => new()
    {
        Id = view.Id,
        Kind = AuthEndpoints.Word(view.Kind),
        Label = view.Label,
        Prefix = Token.Shown(view.Kind, view.Id),
        CreatedAt = view.CreatedAt,
        LastUsedAt = view.LastUsedAt,
        ExpiresAt = view.ExpiresAt,
        RevokedAt = view.RevokedAt,
    };

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/me/tokens").WithTags("Tokens");
        tokens.MapPost("", CreateAsync).Audit(AuditAction.TokenCreate).Describe("createToken", "Make a personal token")
            .Accepts<CreateTokenRequest>("application/json").Refuses(413);
        tokens.MapGet("", ListAsync).Describe("listTokens", "List the caller's personal tokens and the logins of devices");
        tokens.MapDelete("/{tokenId}", RevokeAsync).Audit(AuditAction.TokenRevoke, "tokenId").Describe("deleteToken", "Revoke a personal token, or end a device's login")
            .Refuses(404);
    }
}
