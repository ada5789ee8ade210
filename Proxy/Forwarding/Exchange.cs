using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Cors;
using ControlPlane.Headers;
using ControlPlane.Targets;
using ControlPlane.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace ControlPlane.Forwarding;

/// <summary>
/// What the forwarder asks while it forwards one request: what the worker gets to see, and what the caller does. One is made for each
/// request, so that nothing has to be looked up on the way.
/// </summary>
internal sealed class Exchange(
    ProxiedRequest request, GuardedAnswer answer, Target target, StringValues authorization, string ticket, string baseUrl,
    TimeSpan bodyIdleTimeout, bool allowOrigin) : HttpTransformer
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var rawTarget = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        proxyRequest.RequestUri = new Uri(string.Concat(destinationPrefix.AsSpan().TrimEnd('/'), rawTarget.AsSpan(target.Start)), AsItIs);
        RequestHeaders.Copy(httpContext.Request.Headers, proxyRequest, authorization);
        RequestTrace.Pass(proxyRequest);
        proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.CloneBaseUrl, baseUrl);
        proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.CloneTicket, ticket);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null || IsOfNoClone(proxyResponse))
        {
            // Nothing of it is passed on, and what is answered instead is that the clone was not reached.
            return ValueTask.FromResult(false);
        }

        AnswerHeaders.Copy(proxyResponse, httpContext.Response.Headers, target);
        if (allowOrigin)
        {
            CrossOrigin.Allow(httpContext);
        }

        var isUpgrade = proxyResponse.StatusCode == HttpStatusCode.SwitchingProtocols;
        var isEvents = IsEventStream(proxyResponse.Content.Headers);
        request.Opens(isUpgrade ? StreamKind.WebSocket : isEvents ? StreamKind.Events : StreamKind.None);
        request.MustMove(isUpgrade || isEvents ? Timeout.InfiniteTimeSpan : bodyIdleTimeout);
        if ((isUpgrade || isEvents) && httpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // A laptop that sleeps reads nothing for a while; what waits for it is one buffer.
            rate.MinDataRate = null;
        }

        return isEvents ? StartedAsync(cancellationToken) : ValueTask.FromResult(true);
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
        {
            AnswerHeaders.CopyTrailers(proxyResponse.TrailingHeaders, trailers);
            return new ValueTask(answer.FinishAsync());
        }

        if (!httpContext.Response.HasStarted)
        {
            return new ValueTask(answer.FinishAsync());
        }

        // The last byte has passed the gate. What still follows over HTTP/1.1, the server's own end of the body, is none of the clone's.
        request.IsFinished = true;
        return ValueTask.CompletedTask;
    }

    // The worker refused the ticket: the session is not, or no longer, with it. No clone of its own can say so.
    private static bool IsOfNoClone(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Forbidden
        && answer.Headers.NonValidated.TryGetValues(HeaderNames.CloneTicket, out var values)
        && values.ToString() == HeaderNames.TicketRefused;

    private static bool IsEventStream(HttpContentHeaders headers)
    {
        const string Events = "text/event-stream";
        return headers.NonValidated.TryGetValues("Content-Type", out var values)
            && values.ToString().AsSpan().TrimStart() is var type
            && type.StartsWith(Events, StringComparison.OrdinalIgnoreCase)
            && (type.Length == Events.Length || type[Events.Length] is ';' or ' ' or '\t');
    }

    // The forwarder sends the head with the first byte of the body. A caller of an event stream wants to know that it stands, though the
    // first event may be an hour away.
    private async ValueTask<bool> StartedAsync(CancellationToken cancellationToken)
    {
        await answer.StartAsync(cancellationToken);
        await answer.FlushAsync(cancellationToken);
        return true;
    }
}
