using ControlPlane.Errors;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Credentials;

/// <summary>
/// The two header dialects (contract 1.2 and 2.2): which header holds the outer credential, and what the clone sees as
/// <c>Authorization</c>. No credential is read from a URL or a cookie.
/// </summary>
/// <param name="Token">The outer credential, not yet looked at beyond the shape of its header; empty with a refusal.</param>
/// <param name="ForClone">What the clone sees as <c>Authorization</c>; empty means that it sees none.</param>
public readonly record struct CallerCredential(Refusal? Refusal, string Token, StringValues ForClone)
{
    private static readonly CallerCredential Missing = Refused(
        ErrorCode.CredentialMissing,
        "Send Authorization: Bearer <token>, or x-route-authorization: Bearer <token> to keep Authorization for the clone.");

    private static readonly CallerCredential MisofferedSubprotocol = Refused(
        ErrorCode.CredentialMalformed,
        "Offer archal.bearer.<base64url of the token> once, beside the subprotocol that the clone speaks.");

    /// <summary>Reads the outer credential.</summary>
    /// <param name="isWebSocket">Whether the request opens a WebSocket, which alone may carry its credential as a subprotocol.</param>
    /// <param name="passOuter">Whether the outer credential is passed on when it is all that the caller sent.</param>
    public static CallerCredential Read(IHeaderDictionary headers, bool isWebSocket, bool passOuter)
    {
        var (route, upstream) = Ours(headers);
        if (route is { } values)
        {
            return Take(values, HeaderNames.RouteAuthorization, headers.Authorization);
        }

        if (isWebSocket && Subprotocols.Read(headers.SecWebSocketProtocol) is { HasCredential: true } offered)
        {
            return offered.Token is { } token ? new CallerCredential(null, token, headers.Authorization) : MisofferedSubprotocol;
        }

        if (upstream is { Count: > 1 })
        {
            return Refused(ErrorCode.RequestInvalid, $"{HeaderNames.UpstreamAuthorization} was sent more than once.");
        }

        // Present but empty means: forward none. An unset variable in a caller's script must not leak our token.
        var forClone = upstream ?? (passOuter ? headers.Authorization : StringValues.Empty);
        return headers.Authorization.Count == 0
            ? Missing
            : Take(headers.Authorization, "Authorization", string.IsNullOrEmpty(forClone.ToString()) ? StringValues.Empty : forClone);
    }

    private static CallerCredential Take(StringValues values, string header, StringValues forClone) =>
        values.Count == 1 && BearerValue.TokenOf(values[0]) is { } token
            ? new CallerCredential(null, token, forClone)
            : Refused(ErrorCode.CredentialMalformed, $"{header} must be one value: Bearer <token>.");

    private static (StringValues? Route, StringValues? Upstream) Ours(IHeaderDictionary headers)
    {
        StringValues? route = null;
        StringValues? upstream = null;
        foreach (var (name, values) in headers)
        {
            if (HeaderNaming.Is(name, HeaderNames.RouteAuthorization))
            {
                route = StringValues.Concat(route ?? default, values);
            }
            else if (HeaderNaming.Is(name, HeaderNames.UpstreamAuthorization))
            {
                upstream = StringValues.Concat(upstream ?? default, values);
            }
        }

        return (route, upstream);
    }

    private static CallerCredential Refused(ErrorCode code, string message) => new(new Refusal(code, message), "", default);
}
