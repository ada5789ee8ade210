using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Headers;

/// <summary>
/// <c>Connection</c> and <c>Upgrade</c>: which further headers speak of one connection only, and the tricks that are refused before
/// anything is forwarded.
/// </summary>
public static class ConnectionHeader
{
    /// <summary>What is wrong with a caller's request in this respect; null when nothing is.</summary>
    public static Refusal? Fault(IHeaderDictionary headers)
    {
        var upgrade = headers.Upgrade;
        if (upgrade.Count > 1 || (upgrade.Count == 1 && !string.Equals(upgrade[0], "websocket", StringComparison.OrdinalIgnoreCase)))
        {
            return Refuse("Upgrade may name websocket and nothing else.");
        }

        // The server lets the chunks decide and keeps what the other length said under this name. A server behind us might have
        // decided otherwise, so a message with two lengths goes nowhere.
        if (headers.TransferEncoding.Count > 0 && headers.ContainsKey("X-Content-Length"))
        {
            return Refuse("A message has Content-Length or Transfer-Encoding, not both.");
        }

        foreach (var line in headers.Connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = line.AsSpan(range).Trim();
                if (HeaderNaming.IsFraming(name) || HeaderNaming.IsOursFromCaller(name) || HeaderNaming.IsForwarding(name))
                {
                    return Refuse("Connection may not name Host, Content-Length, Transfer-Encoding, Authorization or one of our headers.");
                }
            }
        }

        return null;
    }

    /// <summary>Closes the connection after the answer when the caller asked for that beside something else.</summary>
    public static void KeepClosing(HttpContext context)
    {
        var connection = context.Request.Headers.Connection;
        if (MayName(connection) && Names(connection, HeaderBytes.Closing))
        {
            context.Response.OnStarting(
                static state =>
                {
                    var response = (HttpResponse)state;
                    if (response.StatusCode != StatusCodes.Status101SwitchingProtocols)
                    {
                        response.Headers.Connection = "close";
                    }

                    return Task.CompletedTask;
                },
                context.Response);
        }
    }

    /// <summary>Whether <c>Connection</c> names a header, beside the words that everybody sends.</summary>
    public static bool Names(StringValues connection, string header)
    {
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (line.AsSpan(range).Trim().Equals(header, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether <c>Connection</c> may name any header at all: the common values name none.</summary>
    public static bool MayName(StringValues connection) => connection.Count > 1
        || (connection.Count == 1 && connection[0] is { Length: > 0 } only
            && !only.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
            && !only.Equals("close", StringComparison.OrdinalIgnoreCase)
            && !only.Equals("upgrade", StringComparison.OrdinalIgnoreCase));

    private static Refusal Refuse(string message) => new(ErrorCode.RequestInvalid, message);
}
