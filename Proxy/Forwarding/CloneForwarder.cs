using System.Net;
using System.Text;
using ControlPlane.Cors;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Targets;
using ControlPlane.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ControlPlane.Forwarding;

/// <summary>
/// Forwards an admitted request to its worker and streams the answer back, over one pool of connections: the ticket, not the connection,
/// says whose request it is.
/// </summary>
internal sealed class CloneForwarder(IHttpForwarder forwarder, CloneUrls urls, CrossOrigin origins, IOptions<GatewayOptions> options, TimeProvider time)
    : IDisposable
{
    // Its one limit would count an event stream as hung; ours, in ProxiedRequest, knows which phase the exchange is in.
    private static readonly ForwarderRequestConfig Config = new()
    {
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>What a body over <c>Gateway:MaxBodyBytes</c> is answered.</summary>
    public static readonly Refusal BodyTooLarge = new(ErrorCode.BodyTooLarge, "The request's body is larger than Gateway:MaxBodyBytes.");

    private static readonly Refusal LeaseOver = new(
        ErrorCode.ControlPlaneUnavailable, "This gateway has lost its lease and may not pass anything on until it has a new one.", TimeSpan.FromSeconds(1));

    private readonly GatewayOptions _options = options.Value;
    private readonly HttpMessageInvoker _workers = new(Handler(), disposeHandler: true);

    public void Dispose() => _workers.Dispose();

    /// <summary>
    /// Forwards. Null when the caller has an answer, or is gone, or has been cut off; else what to answer instead, with what caused it.
    /// </summary>
    public async Task<(Refusal? Refusal, Exception? Cause)> ForwardAsync(
        HttpContext context, ProxiedRequest request, Target target, CallerCredential credential, Route route, bool isWebSocket)
    {
        var answer = new GuardedAnswer(request, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        Guard(context, request, answer, isWebSocket);
        var exchange = new Exchange(
            request, answer, target, credential, route, urls.Base(target.Form, target.SessionId, target.CloneName), _options.BodyIdleTimeout,
            origins.IsAllowed(context.Request));
        request.Moved();
        var error = await forwarder.SendAsync(context, route.Worker.OriginalString, _workers, Config, exchange, request.Ended);

        // What follows is ours to say, so it passes no gate.
        context.Features.Set(answer.Inner);
        if (request.IsFinished)
        {
            return default;
        }

        if (request.Socket is { } socket)
        {
            await EndAsync(context, request, socket);
            return default;
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            return default;
        }

        if (context.Response.HasStarted)
        {
            // Closing in the middle is the only way left to say that this is not the whole answer.
            context.Abort();
            return default;
        }

        return (Instead(request, error), context.Features.Get<IForwarderErrorFeature>()?.Exception);
    }

    private void Guard(HttpContext context, ProxiedRequest request, GuardedAnswer answer, bool isWebSocket)
    {
        context.Features.Set<IHttpResponseBodyFeature>(answer);
        if (isWebSocket)
        {
            GuardedUpgrade.Install(context, request, time);
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            // The server's limits are for bodies that it keeps. Ours are streamed, and end when nothing moves.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = null;
            }

            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            {
                rate.MinDataRate = null;
            }

            context.Request.Body = new GuardedUpload(request, context.Request.Body, _options.MaxBodyBytes ?? long.MaxValue);
        }
    }

    private static async Task EndAsync(HttpContext context, ProxiedRequest request, WebSocketStream socket)
    {
        const ushort PolicyViolation = 1008;
        if (Cut(request) is { } because && !await socket.TryCloseAsync(PolicyViolation, because.Code.Word()))
        {
            context.Abort();
        }
    }

    // A lease that is over stops what was admitted on it before the registry has come round to cut it.
    private static Refusal? Cut(ProxiedRequest request) => request.CutBecause ?? (request.IsStopped ? LeaseOver : null);

    private static Refusal Instead(ProxiedRequest request, ForwarderError error)
    {
        if (Cut(request) is { } because)
        {
            return because;
        }

        if (request.IsTooLarge)
        {
            return BodyTooLarge;
        }

        if (request.Ended.IsCancellationRequested)
        {
            return new Refusal(ErrorCode.CloneTimeout, "The clone had not begun to answer when nothing had moved for Gateway:AnswerTimeout.");
        }

        return error == ForwarderError.RequestBodyClient
            ? new Refusal(ErrorCode.RequestInvalid, "The request's body broke off or is not framed as its headers say.")
            : new Refusal(
                ErrorCode.CloneUnreachable, "The worker that runs the clone refused the connection or broke it before it answered.", RetryAfter: TimeSpan.FromSeconds(2));
    }

    private static SocketsHttpHandler Handler() => new()
    {
        // One jar of cookies would be shared by all tenants, and a redirect is the caller's to follow.
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        // The caller's traceparent passes as it is.
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // Header values are bytes to us: Latin-1 gives each its own character, there and back.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };
}
