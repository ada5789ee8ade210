using ControlPlane.Auth;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using ControlPlane.Users;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Invitations;

/// <summary>
/// <code>
/// POST /auth/invitations/accept    join a workspace, as a new user or as the one who calls; no credential is needed
/// </code>
/// </summary>
internal static class InvitationEndpoints
{
    /// <summary>No code is longer; what is longer is not looked at.</summary>
    private const int Longest = 100;

    private static async Task<Created<AcceptedInvitation>> AcceptAsync(
        HttpContext http, IEntities entities, Admission admission, TimeProvider time, CancellationToken cancellationToken)
    {
        var code = (await JsonBody.ReadAsync<AcceptInvitationRequest>(http, cancellationToken)).Invitation
            ?? throw Invalid.At("invitation", "send the code.");
        var from = http.Connection.RemoteIpAddress;
        var user = UserOf(http);
        var id = Token.NewId();
        var secret = user is null ? Token.Create(CredentialKind.Personal, id) : null;
        var by = new Acceptance(
            user ?? $"usr-{Token.NewId()}", secret is null ? null : new FirstToken(id, TokenDigest.Of(secret)), from?.ToString());
        var accepted = await admission.Refused.TryAsync(
            from,
            () => code.Length <= Longest && InvitationCode.KeyOf(code) is { } key
                ? entities.Invitation(key).AcceptAsync(by, cancellationToken)
                : throw new ControlPlaneException(InvitationEntity.Unknown));

        http.Response.Headers.CacheControl = "no-store";
        var view = new CredentialView(
            id, CredentialKind.Personal, InvitationEntity.TokenLabel, ScopeRules.All, time.GetUtcNow(), $"user:{accepted.UserId}", null, null, null);
        return TypedResults.Created(
            $"/api/workspaces/{accepted.WorkspaceId}",
            new AcceptedInvitation(
                accepted.UserId, accepted.WorkspaceId, accepted.Email, accepted.Role.Word(),
                secret is null ? null : TokenEndpoints.Answer(view) with { Secret = secret }));
    }

    /// <summary>The user who calls; null: whoever calls becomes one.</summary>
    private static string? UserOf(HttpContext http) => http.Features.Get<Acting>()?.Caller is not { } caller ? null
        : caller.UserId ?? throw new ControlPlaneException(
            ErrorCode.RoleMissing, "A workspace key cannot join a workspace. Send your personal token, or no credential to become a new user.");

    public static void MapInvitations(this IEndpointRouteBuilder routes) => routes.MapPost("/auth/invitations/accept", AcceptAsync)
        .WithTags("Members").MayHaveCaller().Describe("acceptInvitation", "Join a workspace")
        .Accepts<AcceptInvitationRequest>("application/json").Refuses(400, 401, 403, 409, 410, 413, 429, 503);
}
