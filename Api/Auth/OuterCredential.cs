using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Auth;

/// <summary>
/// The credential on a management request: <c>x-route-authorization</c> decides by being present, else <c>Authorization</c> (contract 2.2).
/// Never a URL, never a cookie.
/// </summary>
internal static class OuterCredential
{
    /// <summary>Whether the request shows none at all.</summary>
    public static bool IsAbsent(IHeaderDictionary headers) => !headers.ContainsKey(HeaderNames.RouteAuthorization) && headers.Authorization.Count == 0;

    /// <summary>The token, not yet looked at beyond the shape of its header.</summary>
    /// <exception cref="ControlPlaneException">401 <c>credential_missing</c> or <c>credential_malformed</c>.</exception>
    public static string Read(IHeaderDictionary headers) =>
        headers.TryGetValue(HeaderNames.RouteAuthorization, out var route) ? Token(HeaderNames.RouteAuthorization, route)
        : headers.Authorization.Count > 0 ? Token("Authorization", headers.Authorization)
        : throw new ControlPlaneException(ErrorCode.CredentialMissing, "Send Authorization: Bearer <token>.");

    private static string Token(string header, StringValues values) => values.Count == 1 && BearerValue.TokenOf(values[0]) is { } token
        ? token
        : throw new ControlPlaneException(ErrorCode.CredentialMalformed, $"{header} must be one value: Bearer <token>.");
}
