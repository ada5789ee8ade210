using ControlPlane.Gateways;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ControlPlane.Cors;

/// <summary>
/// Lets scripts of the configured origins call clones. A preflight carries no credential, so it is answered here; a clone never sees it.
/// <c>Allow-Credentials</c> is never sent: no credential of ours is one that a browser adds by itself.
/// </summary>
internal sealed class CrossOrigin(IOptions<GatewayOptions> options)
{
    private readonly string[] _origins = [.. options.Value.AllowedOrigins];

    /// <summary>Whether a request comes from a script of an allowed origin.</summary>
    public bool IsAllowed(HttpRequest request) =>
        _origins.Length > 0 && request.Headers.Origin is { Count: 1 } origin
        && _origins.Contains(origin[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it asks beforehand whether it may.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count == 1;

    /// <summary>Answers the question.</summary>
    public static void AnswerPreflight(HttpContext context)
    {
        var (asked, headers) = (context.Request.Headers, context.Response.Headers);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.AccessControlAllowMethods = asked.AccessControlRequestMethod;
        headers.AccessControlAllowHeaders = asked.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "600";
        Allow(context);
    }

    /// <summary>Lets the script read the answer, ours or the clone's.</summary>
    public static void Allow(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        headers.AppendCommaSeparatedValues("Vary", "Origin");
        headers.Remove("Access-Control-Allow-Credentials");
    }
}
