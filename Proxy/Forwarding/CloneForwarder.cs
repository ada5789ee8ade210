using System.Net;
using ControlPlane.Cors;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Targets;
using ControlPlane.Telemetry;
using ControlPlane.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ControlPlane.Forwarding;

/// <summary>Forwards an admitted request to its worker and streams the answer back, with a guard wherever bytes move.</summary>
internal sealed class CloneForwarder(
    IHttpForwarder forwarder, WorkerConnections workers, CloneUrls urls, CrossOrigin origins, IOptions<GatewayOptions> options,
    TimeProvider time, IHostApplicationLifetime host)
{
    // The forwarder's one limit would count a quiet event stream as hung. Ours, in ProxiedRequest, knows which phase the exchange is in.
    private static readonly ForwarderRequestConfig Config = new()
    {
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly GatewayOptions _options = options.Value;

    /// <summary>
    /// Forwards. Null when the caller has an answer, or is gone, or has been cut off; else what to answer instead, with what caused it.
    /// </summary>
    public async Task<(Refusal? Refusal, Exception? Cause)> ForwardAsync(
        HttpContext context, ProxiedRequest request, Target target, CallerCredential credential, Route route, bool isWebSocket)
    {
        RequestTrace.Admitted(route.SessionId, route.CloneName);
        var answer = new GuardedAnswer(request, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        Guard(context, request, answer, isWebSocket);
        var baseUrl = urls.Base(target.Form, target.SessionId, target.CloneName);
        var allowOrigin = origins.IsAllowed(context.Request);
        var exchange = new Exchange(
            request, answer, target, credential.ForClone, route.Ticket, baseUrl, _options.BodyIdleTimeout, allowOrigin);

        request.MustMove(_options.AnswerTimeout);
        var error = await forwarder.SendAsync(context, route.Worker.OriginalString, workers.Invoker, Config, exchange, request.Ended);

        // What follows is ours to say, so it passes no gate.
        context.Features.Set(answer.Inner);
        if (request.Socket is { } socket)
        {
            await EndAsync(context, request, socket);
            return default;
        }

        // The forwarder breaks off what the clone broke off, and from then on it looks as if the caller had gone.
        if (request.IsFinished || (context.RequestAborted.IsCancellationRequested && error != ForwarderError.ResponseBodyDestination))
        {
            return default;
        }

        if (context.Response.HasStarted)
        {
            request.IsBrokenOff = true;

            // Breaking off is the only way left to say that this is not the whole answer.
            context.Abort();
            return default;
        }

        return (Endings.Of(request, error), context.Features.Get<IForwarderErrorFeature>()?.Exception);
    }

    private void Guard(HttpContext context, ProxiedRequest request, GuardedAnswer answer, bool isWebSocket)
    {
        context.Features.Set<IHttpResponseBodyFeature>(answer);
        if (isWebSocket)
        {
            GuardedUpgrade.Install(context, request, time, host.ApplicationStopping);
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
        const ushort ServiceRestart = 1012;
        if (Endings.Cut(request) is { } because
            && !await socket.TryCloseAsync(because == Endings.Restarting ? ServiceRestart : PolicyViolation, because.Code.Word()))
        {
            context.Abort();
        }
    }
}
