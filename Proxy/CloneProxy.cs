using ControlPlane.Cors;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Forwarding;
using ControlPlane.Gateways;
using ControlPlane.Headers;
using ControlPlane.Targets;
using ControlPlane.Telemetry;
using ControlPlane.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ControlPlane;

/// <summary>
/// The data path: from an accepted request to the clone's worker and back. It stands before routing, so that a request to a clone costs
/// what a request to a clone must.
/// </summary>
internal sealed class CloneProxy(
    TargetReader targets, CrossOrigin origins, Admission admission, CloneForwarder forwarder, RefusalAnswer refusals,
    IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly Refusal MethodNotAllowed =
        new(ErrorCode.MethodNotAllowed, "TRACE and CONNECT are not forwarded; a WebSocket over HTTP/2 is (RFC 8441).");

    private static readonly Refusal MethodMisspelled =
        new(ErrorCode.MethodNotAllowed, "Methods are case-sensitive (RFC 9110, 9.1): write this one in upper case.");

    private readonly GatewayOptions _options = options.Value;

    /// <summary>Takes requests to clones and to unknown hosts; everything else goes on.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        ConnectionHeader.KeepClosing(context);
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = targets.Read(rawTarget, context.Request.Headers.Host.ToString());
        if (Refused(context, target) is { } refusal)
        {
            return refusals.WriteAsync(context, refusal, target);
        }

        return !target.IsClone ? next(context)
            : RequestTrace.IsOn ? TracedAsync(context, target)
            : ToCloneAsync(context, target);
    }

    // A host that is not served answers that to every method; on the others the method speaks before the path, for CONNECT has none.
    private static Refusal? Refused(HttpContext context, in Target target)
    {
        if (target.Refusal is { Code: ErrorCode.HostUnknown } unknown)
        {
            return unknown;
        }

        var method = context.Request.Method;
        var opensSocket = target.IsClone && GuardedUpgrade.IsExtendedConnectWebSocket(context);
        if (HttpMethods.IsTrace(method) || (HttpMethods.IsConnect(method) && !opensSocket))
        {
            return MethodNotAllowed;
        }

        // Methods have a case. The HTTP client would send "patch" as PATCH, and what is authorized is what is forwarded.
        return target.IsClone && HttpMethod.Parse(method).Method != method ? MethodMisspelled : target.Refusal;
    }

    private Task TracedAsync(HttpContext context, Target target) => RequestTrace.RunAsync(context, () => ToCloneAsync(context, target));

    private Task ToCloneAsync(HttpContext context, Target target)
    {
        if (CrossOrigin.IsPreflight(context.Request) && origins.IsAllowed(context.Request))
        {
            RequestMeter.Preflight();
            CrossOrigin.AnswerPreflight(context);
            return Task.CompletedTask;
        }

        var isWebSocket = GuardedUpgrade.IsWebSocket(context);
        var credential = CallerCredential.Read(context.Request.Headers, isWebSocket, _options.PassOuterCredential);
        var fault = credential.Refusal
            ?? ConnectionHeader.Fault(context.Request.Headers)
            ?? (context.Request.ContentLength > _options.MaxBodyBytes ? Endings.BodyTooLarge : null);
        return fault is null ? AdmitAsync(context, target, credential, isWebSocket) : refusals.WriteAsync(context, fault, target);
    }

    private async Task AdmitAsync(HttpContext context, Target target, CallerCredential credential, bool isWebSocket)
    {
        var (request, counted) = (new ProxiedRequest(time), false);
        try
        {
            var from = context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
            var verdict = await admission.AdmitAsync(
                request, new CloneAsk(credential.Token, target.SessionId, target.CloneName, from), context.RequestAborted);
            var (refusal, cause) = verdict.Route is { } route
                ? await forwarder.ForwardAsync(context, request, target, credential, route, isWebSocket)
                : (verdict.Refusal, null);
            if (verdict.Route is not null && refusal?.Code is ErrorCode.CloneUnreachable or ErrorCode.CloneTimeout)
            {
                admission.Doubt(request);
            }

            if (refusal is null)
            {
                Count(request);
                return;
            }

            counted = true;
            await refusals.WriteAsync(context, refusal, target, cause);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone. Nobody is left to answer.
            if (!counted)
            {
                RequestMeter.Abandoned();
            }
        }
        finally
        {
            request.Over();
            admission.Leave(request);
        }
    }

    /// <summary>Counts what was forwarded by how it ended. What is refused is counted where it is written.</summary>
    private static void Count(ProxiedRequest request)
    {
        if (Endings.Cut(request) is { } because)
        {
            RequestMeter.Cut(because.Code);
        }
        else if (request.IsFinished || request.Socket is not null)
        {
            RequestMeter.Forwarded();
        }
        else if (request.IsBrokenOff)
        {
            RequestMeter.Cut(null);
        }
        else
        {
            RequestMeter.Abandoned();
        }
    }
}
