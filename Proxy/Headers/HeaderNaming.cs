namespace ControlPlane.Headers;

/// <summary>
/// How header names are compared: without case, and with <c>_</c> for <c>-</c>, because servers behind us that follow CGI cannot tell
/// the two apart (contract 2.5).
/// </summary>
public static class HeaderNaming
{
    /// <summary>Whether a header bears a name, which is given in lower case with dashes.</summary>
    public static bool Is(ReadOnlySpan<char> header, ReadOnlySpan<char> name) => header.Length == name.Length && StartsWith(header, name);

    /// <summary>Whether a caller's header is one that only this gateway reads or sends.</summary>
    public static bool IsOursFromCaller(ReadOnlySpan<char> header) =>
        BeginsWithX(header) && (Is(header, HeaderNames.RouteAuthorization) || IsOfOurFamilies(header));

    /// <summary>Whether a clone's header is one that only this gateway sends.</summary>
    public static bool IsOursFromClone(ReadOnlySpan<char> header) =>
        BeginsWithX(header) && (Is(header, HeaderNames.RouteError) || IsOfOurFamilies(header));

    /// <summary>Whether a caller's header tells where the request came from: only a proxy that we trust could, and we trust none.</summary>
    public static bool IsForwarding(ReadOnlySpan<char> header) =>
        Is(header, "forwarded") || (BeginsWithX(header) && StartsWith(header, "x-forwarded-"));

    /// <summary>Whether a header speaks of one connection, not of the message (RFC 9110, 7.6.1).</summary>
    public static bool IsHopByHop(ReadOnlySpan<char> header) => header.Length switch
    {
        2 => Is(header, "te"),
        7 => Is(header, "upgrade"),
        10 => Is(header, "connection") || Is(header, "keep-alive"),
        14 => Is(header, "http2-settings"),
        16 => Is(header, "proxy-connection"),
        17 => Is(header, "transfer-encoding"),
        18 => Is(header, "proxy-authenticate"),
        19 => Is(header, "proxy-authorization"),
        25 => Is(header, "proxy-authentication-info"),
        _ => false,
    };

    /// <summary>Whether a header frames or routes the message, so that no <c>Connection</c> may have it removed.</summary>
    public static bool IsFraming(ReadOnlySpan<char> header) =>
        Is(header, "host") || Is(header, "content-length") || Is(header, "transfer-encoding") || Is(header, "authorization");

    private static bool IsOfOurFamilies(ReadOnlySpan<char> header) => StartsWith(header, "x-archal-") || StartsWith(header, "x-clone-");

    private static bool BeginsWithX(ReadOnlySpan<char> header) => header.Length > 2 && (header[0] | 0x20) == 'x' && header[1] is '-' or '_';

    private static bool StartsWith(ReadOnlySpan<char> header, ReadOnlySpan<char> lower)
    {
        if (header.Length < lower.Length)
        {
            return false;
        }

        for (var at = 0; at < lower.Length; at++)
        {
            var given = header[at];
            var folded = given is >= 'A' and <= 'Z' ? (char)(given | 0x20) : given;
            if (folded != lower[at] && !(given == '_' && lower[at] == '-'))
            {
                return false;
            }
        }

        return true;
    }
}
