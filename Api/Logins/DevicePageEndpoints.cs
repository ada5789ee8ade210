using System.Globalization;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Logins;

/// <summary>
/// <code>
/// GET  /device    the page where a person lets a device in: a code and a token
/// POST /device    the same page: first it says who asks; with a decision it is done
/// </code>
/// The token comes with every press and stands or falls each time: no cookie, no script, no ticket of its own that would outlive it.
/// </summary>
internal static class DevicePageEndpoints
{
    private static ContentHttpResult Show(HttpContext http)
    {
        var typed = http.Request.Query["user_code"] is [{ Length: <= 4 * UserCode.Length } code] ? code : "";
        return Answer(http, DevicePage.Ask(typed));
    }

    private static async Task<ContentHttpResult> DecideAsync(
        HttpContext http, Admission admission, IEntities entities, LoginLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var typed = "";
        try
        {
            var form = await FormBody.ReadAsync(http, cancellationToken);
            typed = form.One("user_code") ?? "";
            return await PressedAsync(http, form, admission, new Approving(entities, limits, time), limits, entities, cancellationToken);
        }
        catch (ControlPlaneException refused)
        {
            if (refused.Refusal.RetryAfter is { } after)
            {
                http.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            // The code stays in its field and the token does not.
            return Answer(http, DevicePage.Ask(typed.Length <= 4 * UserCode.Length ? typed : "", Told(refused.Code) ?? refused.Message), refused.Code.Status());
        }
    }

    private static async Task<ContentHttpResult> PressedAsync(
        HttpContext http, IFormCollection form, Admission admission, Approving approving, LoginLimits limits, IEntities entities,
        CancellationToken cancellationToken)
    {
        var typed = form.One("user_code") ?? throw Invalid.At("Code", "type the eight letters that the device shows.");
        var token = form.One("token")?.Trim() ?? throw Invalid.At("Token", "paste your personal token.");
        bool? approve = form.One("decision") switch { "approve" => true, "deny" => false, _ => null };
        limits.MustBeAllowedToTry(http.Connection.RemoteIpAddress);
        DeviceApproval? login = null;
        try
        {
            await CallerScope.RunAsync(http, admission, token, default, null, async () =>
            {
                login = await approving.RunAsync(http, typed, approve, http.RequestAborted);
                Acting.On(http).Request.MustStand();
            });
        }
        catch (ControlPlaneException wrong) when (login is null && wrong.Code.Status() == StatusCodes.Status401Unauthorized)
        {
            limits.CountWrong(http.Connection.RemoteIpAddress);
            if (UserCode.TryRead(typed, out var letters))
            {
                await entities.Login(UserCode.Key(letters)).CountWrongAsync(cancellationToken);
            }

            throw;
        }

        return Answer(http, login is { Status: "pending" } ? DevicePage.Confirm(login, token) : DevicePage.Done(login!)); // Set by then, or it was thrown.
    }

    /// <summary>What the person at the page is told in other words than a program.</summary>
    private static string? Told(ErrorCode code) => code switch
    {
        ErrorCode.CredentialMalformed or ErrorCode.CredentialInvalid => "This token is not good: it is mistyped, unknown or revoked. Check that it was pasted whole.",
        ErrorCode.CredentialExpired => "This token has expired. Use another.",
        _ => null,
    };

    private static ContentHttpResult Answer(HttpContext http, string page, int status = StatusCodes.Status200OK)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = DevicePage.Policy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["X-Robots-Tag"] = "noindex";
        return TypedResults.Content(page, "text/html; charset=utf-8", statusCode: status);
    }

    public static void MapDevicePage(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("/device").WithTags("Auth");
        page.MapGet("", Show).Describe("showDevicePage", "The page where a person lets a device in").Produces<string>(contentType: "text/html");
        page.MapPost("", DecideAsync).Describe("decideOnDevicePage", "The same page, with a code and a token")
            .Accepts<DeviceApprovalRequest>("application/x-www-form-urlencoded").Produces<string>(contentType: "text/html")
            .Refuses(400, 401, 403, 404, 413, 429, 503).MayRefuseAsPage();
    }
}
