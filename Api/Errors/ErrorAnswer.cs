using System.Globalization;
using ControlPlane.Headers;
using ControlPlane.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Errors;

/// <summary>Turns a refusal into the one answer that is not a success (contract 2.4). It never says more than the refusal does.</summary>
internal sealed partial class ErrorAnswer(ILogger<ErrorAnswer> logger)
{
    /// <summary>Answers with a refusal. The answer must not have begun.</summary>
    public async Task WriteAsync(HttpContext http, Refusal refusal, Exception? cause = null)
    {
        var (status, word, response) = (refusal.Code.Status(), refusal.Code.Word(), http.Response);
        // The route and not the path: whoever puts a secret into a URL does not find it in our log too.
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown path";
        var method = http.Request.Method.Length <= 36 ? http.Request.Method : "(too long to be one)";
        AnswerMeter.Refused(refusal.Code);

        var level = LevelOf(status);
        Log(level, word, status, method, route, http.TraceIdentifier, cause);

        var allow = response.Headers.Allow;
        response.Clear();
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.Headers[HeaderNames.RouteError] = word;
        response.Headers[HeaderNames.RequestId] = http.TraceIdentifier;
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = refusal.Code.Challenge();
        }

        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = allow;
        }

        if (refusal.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = RefusalHeaders.Jittered(after).ToString(CultureInfo.InvariantCulture);
        }

        // No caller's token: a request that was cut while it ran is answered all the same.
        var envelope = new ErrorEnvelope(refusal.Code.Title(), word, refusal.Message);
        await response.WriteAsJsonAsync(envelope, ContractsJson.Default.ErrorEnvelope, "application/json", CancellationToken.None);
    }

    // Whoever is told to wait (428: until somebody lets the device in) asks again and again: a line each would make the log what the flood is
    // for. They are counted.
    private static LogLevel LevelOf(int status) => status switch
    {
        StatusCodes.Status428PreconditionRequired or StatusCodes.Status429TooManyRequests => LogLevel.Debug,
        < 500 => LogLevel.Information,
        _ => LogLevel.Warning,
    };

    [LoggerMessage(EventId = 2001, EventName = "CallRefused", Message = "Answered {Code} ({Status}) to {Method} {Route}; request {RequestId}")]
    private partial void Log(LogLevel level, string code, int status, string method, string route, string requestId, Exception? cause);
}
