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
/// POST /auth/device          begin a device login (RFC 8628); nobody needs a credential
/// POST /auth/device/token    ask for its token: 428 while nobody has decided, or RFC 6749's errors for whoever sends grant_type
/// </code>
/// </summary>
internal static class DeviceLoginEndpoints
{
    private const int LongestName = 100;

    /// <summary>Of 25 thousand million codes a few hundred live: a second try is already next to impossible.</summary>
    private const int MostTries = 5;

    private static async Task<Ok<DeviceLoginStarted>> BeginAsync(
        HttpContext http, IEntities entities, LoginLimits limits, CloneUrls urls, CancellationToken cancellationToken)
    {
        var name = await NameAsync(http, cancellationToken);
        limits.Begin(http.Connection.RemoteIpAddress);
        for (var tries = 0; tries < MostTries; tries++)
        {
            UserCode.TryRead(UserCode.Create(), out var letters);
            var device = DeviceCode.Create(letters);
            var login = new NewLogin(device.Digest, name, http.Connection.RemoteIpAddress?.ToString());
            if (await entities.Login(UserCode.Key(letters)).BeginAsync(login, cancellationToken))
            {
                http.Response.Headers.CacheControl = "no-store";
                return TypedResults.Ok(Answer(device, $"{urls.Public}/device"));
            }
        }

        throw new ControlPlaneException(new Refusal(
            ErrorCode.ControlPlaneUnavailable, "No free code was found for the login. Try again.", TimeSpan.FromSeconds(1)));
    }

    private static DeviceLoginStarted Answer(DeviceCode device, string page) => new()
    {
        DeviceCode = device.Text,
        UserCode = UserCode.Shown(device.Letters),
        VerificationUri = page,
        VerificationUriComplete = $"{page}?user_code={UserCode.Shown(device.Letters)}",
        ExpiresIn = (int)LoginState.Lifetime.TotalSeconds,
        Interval = (int)LoginEntity.Interval.TotalSeconds,
    };

    private static async Task<string?> NameAsync(HttpContext http, CancellationToken cancellationToken)
    {
        string? name;
        if (FormBody.Is(http.Request))
        {
            var form = await FormBody.ReadAsync(http, cancellationToken);
            name = form.One("client_name") ?? form.One("client_id");
        }
        else
        {
            var request = await JsonBody.ReadIfAnyAsync<DeviceLoginRequest>(http, cancellationToken);
            name = request?.ClientName ?? request?.ClientId;
        }

        return name is null ? null : Texts.Checked("client_name", name, LongestName);
    }

    private static async Task<IResult> TokenAsync(
        HttpContext http, IEntities entities, LoginLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var ask = await DeviceTokenAsk.ReadAsync(http, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        if (ask.Fault is { } fault)
        {
            return fault;
        }

        limits.MustBeAllowedToAsk(http.Connection.RemoteIpAddress);
        var (answer, token) = DeviceCode.Read(ask.Code) is { } device
            ? await AskAsync(entities.Login(UserCode.Key(device.Letters)), device, cancellationToken)
            : (new LoginAnswer(LoginStanding.Unknown), "");
        if (answer.Standing == LoginStanding.Unknown)
        {
            limits.CountUnknown(http.Connection.RemoteIpAddress);
        }

        return answer is not { Standing: LoginStanding.Granted, WorkspaceId: { } workspace, ExpiresAt: { } end }
            ? ask.Refuse(answer.Standing)
            : TypedResults.Ok(new DeviceToken
            {
                Token = token,
                AccessToken = token,
                TokenType = "bearer",
                ExpiresIn = Math.Max(0, (long)(end - time.GetUtcNow()).TotalSeconds),
                Workspace = workspace,
            });
    }

    /// <summary>How the login stands, and its token once it is claimed: it is made here and given away here, only its digest goes any further.</summary>
    private static async Task<(LoginAnswer Answer, string Token)> AskAsync(ILogin login, DeviceCode device, CancellationToken cancellationToken)
    {
        var answer = await login.PollAsync(device.Digest, cancellationToken);
        var token = answer.Salt is { } salt ? device.Token(salt) : "";
        return (token.Length == 0 ? answer : await login.ClaimAsync(device.Digest, LoginToken.Of(token), cancellationToken), token);
    }

    public static void MapDeviceLogin(this IEndpointRouteBuilder routes)
    {
        var device = routes.MapGroup("/auth/device").WithTags("Auth").Refuses(400, 413, 429, 503);
        device.MapPost("", BeginAsync).Describe("createDeviceAuthRequest", "Begin a device login")
            .Accepts<DeviceLoginRequest>(isOptional: true, "application/json", "application/x-www-form-urlencoded");
        device.MapPost("/token", TokenAsync).Describe("pollDeviceAuthToken", "Ask for the token of a device login")
            .Accepts<DeviceTokenRequest>("application/json", "application/x-www-form-urlencoded").Produces<DeviceToken>().Refuses(428)
            .MayRefuseWith(typeof(DeviceTokenRefusal), 400, 428);
    }
}
