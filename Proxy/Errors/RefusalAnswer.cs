using System.Globalization;
using System.Text.Json;
using ControlPlane.Cors;
using ControlPlane.Headers;
using ControlPlane.Targets;
using ControlPlane.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Errors;

/// <summary>
/// The gateway's own answers (contract 2.4): the envelope, the header that tells them from a clone's, and the id that is in the log
/// line too. It never says more than the refusal does.
/// </summary>
internal sealed partial class RefusalAnswer(CrossOrigin origins, ILogger<RefusalAnswer> logger)
{
    /// <summary>Answers with a refusal. The answer must not have begun.</summary>
    public async Task WriteAsync(HttpContext context, Refusal refusal, Target target, Exception? cause = null)
    {
        var (status, word, requestId) = (refusal.Code.Status(), refusal.Code.Word(), context.TraceIdentifier);
        var (method, session, clone) = (Named(context.Request.Method), Named(target.SessionId), Named(target.CloneName));
        RequestMeter.Refused(refusal.Code);

        // Whoever is told to wait asks again and again: a line each would make the log what the flood is for. They are counted.
        Log(status == StatusCodes.Status429TooManyRequests ? LogLevel.Debug : status < 500 ? LogLevel.Information : LogLevel.Warning, word, status, method, session, clone, requestId, cause);

        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ErrorEnvelope(refusal.Code.Title(), word, refusal.Message), ContractsJson.Default.ErrorEnvelope);
        var response = context.Response;
        response.Clear();
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers[HeaderNames.RouteError] = word;
        response.Headers[HeaderNames.RequestId] = requestId;
        switch (status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = refusal.Code.Challenge();
                break;
            case StatusCodes.Status405MethodNotAllowed:
                response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
                CloseBehindConnect(context);
                break;
        }

        if (refusal.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = RefusalHeaders.Jittered(after).ToString(CultureInfo.InvariantCulture);
        }

        if (origins.IsAllowed(context.Request))
        {
            CrossOrigin.Allow(context);
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    // No method or id is longer than a UUID, and every token is: whoever puts one in the wrong place does not find it in our log too.
    private static string Named(string word) => word.Length <= 36 ? word : "(too long to be one)";

    // Whoever asked for a tunnel may have begun to speak through it: those bytes are no request of the caller's (RFC 9931).
    private static void CloseBehindConnect(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method) && !HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
    }

    [LoggerMessage(EventId = 1001, EventName = "CloneRequestRefused",
        Message = "Answered {Code} ({Status}) to {Method} for session {SessionId}, clone {CloneName}; request {RequestId}")]
    private partial void Log(
        LogLevel level, string code, int status, string method, string sessionId, string cloneName, string requestId, Exception? cause);
}
