using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Errors;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace ControlPlane;

/// <summary>
/// What is no request is refused by the server itself, before there is a request that a middleware could see, and bare. The one place where the
/// server tells of it while its answer can still be given is this event, so here it gets the envelope of contract 2.4.
/// </summary>
/// <remarks>HTTP/1.1 alone: HTTP/2 has no answer to what it cannot read, only the reset of a stream or the end of the connection.</remarks>
internal sealed partial class UnreadableRequests(ILogger<UnreadableRequests> logger) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private const string Code = "request_invalid";

    /// <summary>Listens to this event alone: no other costs more than a comparison.</summary>
    public void ListenTo(DiagnosticListener server) => server.Subscribe(this, static name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // On HTTP/2 the event can come from what ran; there the connection is of many streams, and nobody writes to it but the server.
        if (value is not { Key: Event, Value: IFeatureCollection features } || features.Get<IHttp2StreamIdFeature>() is not null
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false } response
            || features.Get<IHttpResponseBodyFeature>() is not { } body
            || features.Get<IConnectionTransportFeature>() is not { Transport.Output: var connection })
        {
            return;
        }

        // That a caller speaks another version of HTTP is no failure of this server.
        var status = response.StatusCode = response.StatusCode < 500 ? response.StatusCode : StatusCodes.Status400BadRequest;
        var requestId = features.Get<IHttpRequestIdentifierFeature>()?.TraceIdentifier ?? "";
        LogUnreadable(status, requestId);
        var envelope = JsonSerializer.SerializeToUtf8Bytes(
            new ErrorEnvelope("The request is not valid.", Code, Why(status)), ContractsJson.Default.ErrorEnvelope);
        var headers = response.Headers;
        headers.ContentType = "application/json";
        headers.ContentLength = envelope.Length;
        headers.CacheControl = "no-store";
        headers.Connection = "close";
        headers[HeaderNames.RouteError] = Code;
        headers[HeaderNames.RequestId] = requestId;

        // The head goes the server's way, which marks the answer as begun. Its way for a body is not laid before a request was read, so the body goes
        // straight behind it. Both fit the connection's buffer: there is nothing to wait for, and the server sends what is in it before it closes.
        if (!body.StartAsync().IsCompletedSuccessfully || features.Get<IHttpRequestFeature>()?.Method == HttpMethods.Head)
        {
            return;
        }

        envelope.CopyTo(connection.GetSpan(envelope.Length));
        connection.Advance(envelope.Length);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>Never in the server's words, which may repeat what it could not read: that may hold a token.</summary>
    private static string Why(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => "The request line: this method does not go with this form of target.",
        StatusCodes.Status408RequestTimeout => "The head of the request did not come in time. Send it whole, without pausing.",
        StatusCodes.Status411LengthRequired => "Content-Length: this method needs one, or Transfer-Encoding: chunked.",
        StatusCodes.Status414UriTooLong => "The request line is longer than this server takes. Put less into the URL.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too many, or larger than this server takes. Send fewer or smaller ones.",
        _ => "The request line, its target, Host, Content-Length or another header is not valid HTTP. Send them as RFC 9112 has them.",
    };

    [LoggerMessage(EventId = 6001, EventName = "RequestUnreadable", Level = LogLevel.Debug, Message = "Answered {Status} to what is no request; request {RequestId}")]
    private partial void LogUnreadable(int status, string requestId);
}
