using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Auth;

/// <summary>
/// <code>
/// POST /auth/revoke    end a token (RFC 7009); whoever holds it may. 200 also for what is no token
/// </code>
/// </summary>
internal static class RevocationEndpoint
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const string Field = "token";

    private static readonly FormOptions Limits = new() { ValueCountLimit = 16, KeyLengthLimit = 256, ValueLengthLimit = 4_096, BufferBodyLengthLimit = 64 * 1_024 };

    private static async Task<Ok> RevokeAsync(HttpContext http, IEntities entities, Admission admission, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(http, cancellationToken);
        var report = await admission.EndAsync(entities, token, http.Connection.RemoteIpAddress, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        if (report is not null)
        {
            http.Response.Report(report);
        }

        return TypedResults.Ok();
    }

    /// <exception cref="ControlPlaneException">400: there is none. What it is is looked at by whoever ends it.</exception>
    private static async Task<string> TokenAsync(HttpContext http, CancellationToken cancellationToken) =>
        (http.Request.HasFormContentType
            ? await InFormAsync(http.Request, cancellationToken)
            : (await JsonBody.ReadAsync<RevokeTokenRequest>(http, cancellationToken)).Token) is { Length: > 0 } token
            ? token
            : throw Invalid.At(Field, "send the token that is to end, once.");

    private static async Task<string?> InFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await request.ReadFormAsync(Limits, cancellationToken))[Field] is [var one] ? one : null;
        }
        catch (InvalidDataException)
        {
            throw Invalid.At("body", "it is no form of a few short fields.");
        }
    }

    public static void MapRevocation(this IEndpointRouteBuilder routes) => routes.MapPost("/auth/revoke", RevokeAsync).WithTags("Auth")
        .Describe("revokeToken", "End a token that one holds")
        .Accepts<RevokeTokenRequest>("application/json", FormType).Refuses(400, 413, 429, 503);
}
