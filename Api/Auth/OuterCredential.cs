using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Auth;

/// <summary>
/// The credential on a management request: <c>x-route-authorization</c> decides by being present, else <c>Authorization</c> (contract 2.2).
/// Never a URL, never a cookie.
/// </summary>
internal static class OuterCredential
{
    private const string RouteAuthorization = "x-route-authorization";

    /// <summary>Whether the request shows none at all.</summary>
    public static bool IsAbsent(IHeaderDictionary headers) => !headers.ContainsKey(RouteAuthorization) && headers.Authorization.Count == 0;

    /// <summary>The token, not yet looked at beyond the shape of its header.</summary>
    /// <exception cref="ControlPlaneException">401 <c>credential_missing</c> or <c>credential_malformed</c>.</exception>
    public static string Read(IHeaderDictionary headers) =>
        headers.TryGetValue(RouteAuthorization, out var route) ? Token(RouteAuthorization, route)
        : headers.Authorization.Count > 0 ? Token("Authorization", headers.Authorization)
        : throw new ControlPlaneException(ErrorCode.CredentialMissing, "Send Authorization: Bearer <token>.");

    private static string Token(string header, StringValues values) => values.Count == 1 && TokenOf(values[0]) is { } token
        ? token
        : throw new ControlPlaneException(ErrorCode.CredentialMalformed, $"{header} must be one value: Bearer <token>.");

    /// <summary>The token in <c>Bearer &lt;token&gt;</c> or <c>token &lt;token&gt;</c>, in any case; null: it is anything else.</summary>
    private static string? TokenOf(ReadOnlySpan<char> value)
    {
        var space = value.IndexOf(' ');
        if (space < 0)
        {
            return null;
        }

        var scheme = value[..space];
        var token = value[space..].Trim(' ');
        var known = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || scheme.Equals("token", StringComparison.OrdinalIgnoreCase);
        return known && !token.IsEmpty && !token.ContainsAny(" ,\t") ? new string(token) : null;
    }
}
