using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Credentials;
using ControlPlane.Gateways;
using ControlPlane.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Headers;

/// <summary>What a caller sees of a clone's headers (contract 2.5).</summary>
internal static class AnswerHeaders
{
    /// <summary>Copies what passes.</summary>
    public static void Copy(HttpResponseMessage from, IHeaderDictionary to, in Target target)
    {
        StringValues connection = default;
        if (from.Headers.NonValidated.TryGetValues("Connection", out var named))
        {
            connection = Values(named);
        }

        Copy(from.Headers, to, connection, target);
        Copy(from.Content.Headers, to, connection, target);

        var isBodiless = from.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent or < HttpStatusCode.OK;
        if (to.ContentLength is not null && (isBodiless || from.Headers.NonValidated.Contains("Transfer-Encoding")))
        {
            // Of two lengths the chunks decide (RFC 9112, 6.3), and an answer that has no body by its status has no length either.
            to.ContentLength = null;
        }

        if (target.Form == CloneForm.Path && !isBodiless && IsActive(to.ContentType))
        {
            // In the path form all clones share our origin. A page in a sandbox has an origin of its own, so it reads nobody's answers.
            to.ContentSecurityPolicy = StringValues.Concat(to.ContentSecurityPolicy, "sandbox");
        }
    }

    /// <summary>Copies what passes of the trailers.</summary>
    public static void CopyTrailers(HttpResponseHeaders from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (Passes(name) && !HeaderNaming.Is(name, "set-cookie"))
            {
                to[name] = Values(values);
            }
        }
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to, StringValues connection, in Target target)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (!Passes(name) || (connection.Count > 0 && ConnectionHeader.Names(connection, name)))
            {
                continue;
            }

            var value = Values(values);
            if (HeaderNaming.Is(name, "set-cookie"))
            {
                value = SetCookie.Rewrite(value, target.Form == CloneForm.Path ? CloneUrls.Path(target.SessionId, target.CloneName) : null);
            }
            else if (HeaderNaming.Is(name, "sec-websocket-protocol") && Subprotocols.IsCredential(value.ToString()))
            {
                continue;
            }

            to[name] = value;
        }
    }

    private static bool Passes(string name) =>
        !(HeaderNaming.IsHopByHop(name) || HeaderNaming.IsOursFromClone(name) || HeaderNaming.Is(name, "alt-svc"));

    // What a browser may run. Without a type it guesses, so that counts too.
    private static bool IsActive(StringValues contentType)
    {
        if (contentType.Count == 0)
        {
            return true;
        }

        var type = contentType.ToString().AsSpan();
        return type.Contains("html", StringComparison.OrdinalIgnoreCase) || type.Contains("xml", StringComparison.OrdinalIgnoreCase);
    }

    private static StringValues Values(in HeaderStringValues values)
    {
        if (values.Count <= 1)
        {
            return values.ToString();
        }

        var all = new string[values.Count];
        var at = 0;
        foreach (var value in values)
        {
            all[at++] = value;
        }

        return all;
    }
}
