using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Errors;

/// <summary>
/// Around everything else: each answer has the request's id, and each that is not a success is the envelope, whoever found the reason.
/// </summary>
internal sealed partial class Answers(RequestDelegate next, ErrorAnswer errors, ILogger<Answers> logger)
{
    private static readonly Refusal Internal =
        new(ErrorCode.Internal, "Something went wrong here. Quote the value of x-archal-request-id when you report it.");

    private static readonly Refusal Late = new(
        ErrorCode.ControlPlaneUnavailable, "The control plane did not answer in time. Nothing that was acknowledged is lost; try again.",
        TimeSpan.FromSeconds(1));

    private static readonly Refusal TooLarge = new(ErrorCode.BodyTooLarge, "The body is larger than this server takes.");

    private static readonly Refusal NotJson = new(ErrorCode.RequestInvalid, "Content-Type: send application/json.");

    private static readonly Refusal Unreadable = new(ErrorCode.RequestInvalid, "body: it could not be read to its end.");

    public async Task InvokeAsync(HttpContext http)
    {
        // It is also the RequestId of the log scope that the server opens around every request.
        http.Response.Headers[HeaderNames.RequestId] = http.TraceIdentifier;
        var callerGone = http.RequestAborted;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (callerGone.IsCancellationRequested)
        {
            // Nobody is left to answer, and that is no failure.
            return;
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, problem);
            return;
        }

        if (!http.Response.HasStarted && http.Response is { StatusCode: >= 400, ContentType: null })
        {
            await errors.WriteAsync(http, Nobody(http.Response.StatusCode));
        }
    }

    private Task RefuseAsync(HttpContext http, Exception problem)
    {
        if (problem is ControlPlaneException refused)
        {
            return errors.WriteAsync(http, refused.Refusal, refused.InnerException);
        }

        if (problem is BadHttpRequestException unreadable)
        {
            return errors.WriteAsync(http, unreadable.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : Unreadable);
        }

        if (problem is TimeoutException or OperationCanceledException)
        {
            return errors.WriteAsync(http, Late, problem);
        }

        // The framework's own log is silent about what is handled here.
        LogUnexpected(http.TraceIdentifier, problem);
        return errors.WriteAsync(http, Internal);
    }

    /// <summary>What no endpoint answered.</summary>
    private static Refusal Nobody(int status) => status switch
    {
        StatusCodes.Status404NotFound => new Refusal(ErrorCode.NotFound, "There is nothing at this path. See /openapi/v1.json for what there is."),
        StatusCodes.Status405MethodNotAllowed =>
            new Refusal(ErrorCode.MethodNotAllowed, "The path exists, but not with this method. See the header Allow."),
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => NotJson,
        < 500 => Unreadable,
        _ => Internal,
    };

    [LoggerMessage(EventId = 2002, EventName = "CallFailedUnexpectedly", Level = LogLevel.Error, Message = "Request {RequestId} failed unexpectedly")]
    private partial void LogUnexpected(string requestId, Exception problem);
}
