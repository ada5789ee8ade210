using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Headers;

/// <summary>What a clone sees of a caller's headers (contract 2.5).</summary>
internal static class RequestHeaders
{
    /// <summary>Copies what passes. <c>Authorization</c> is what the dialect says; ours are added by whoever knows them.</summary>
    public static void Copy(IHeaderDictionary from, HttpRequestMessage to, StringValues authorization)
    {
        var connection = from.Connection;
        var named = ConnectionHeader.MayName(connection);
        foreach (var (name, values) in from)
        {
            if (Passes(name) && !(named && ConnectionHeader.Names(connection, name)))
            {
                Add(to, name, values);
            }
        }

        if (authorization.Count > 0)
        {
            Add(to, "Authorization", authorization);
        }

        // A credential among the subprotocols is taken out, and stays out when the request opens no WebSocket after all.
        if (from.SecWebSocketProtocol is { Count: > 0 } offer)
        {
            var offered = Subprotocols.Read(offer);
            if (!offered.HasCredential)
            {
                Add(to, "Sec-WebSocket-Protocol", offer);
            }
            else if (offered.Others is { } others)
            {
                Add(to, "Sec-WebSocket-Protocol", others);
            }
        }
    }

    // The worker's own address stands for Host, so that no host a caller made up reaches it. Trailers of a request are not forwarded.
    private static bool Passes(string name) => !(name[0] == ':'
        || HeaderNaming.IsHopByHop(name)
        || HeaderNaming.IsOursFromCaller(name)
        || HeaderNaming.IsForwarding(name)
        || HeaderNaming.Is(name, "trailer")
        || HeaderNaming.Is(name, "host")
        || HeaderNaming.Is(name, "authorization")
        || HeaderNaming.Is(name, "sec-websocket-protocol"));

    private static void Add(HttpRequestMessage to, string name, StringValues values)
    {
        if (!TryAdd(to.Headers, name, values))
        {
            // Neither here nor there belongs what is no name of a header (HTTP/2 can carry such): it is dropped.
            var content = to.Content ?? new NoContent();
            to.Content = TryAdd(content.Headers, name, values) ? content : to.Content;
        }
    }

    private static bool TryAdd(HttpHeaders headers, string name, StringValues values) => values.Count == 1
        ? headers.TryAddWithoutValidation(name, values[0])
        : headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);

    /// <summary>Carries the headers that the client library counts among a body's (<c>Content-Type</c>) when there is no body.</summary>
    private sealed class NoContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
