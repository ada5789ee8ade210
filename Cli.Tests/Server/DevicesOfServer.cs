using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Server;

/// <summary>The part of the contract that is about device logins: it answers a device's questions with what a test has laid down.</summary>
internal sealed class DevicesOfServer
{
    public DevicesOfServer(WebApplication app)
    {
        app.MapPost("/auth/device", Begin);
        app.MapPost("/auth/device/token", Ask);
        app.MapPost("/auth/device/approval", Decide);
    }

    public string Token { get; } = Tokens.New("archal_login");

    public string DeviceCode { get; } = $"BCDFGHJK.{Guid.NewGuid():n}";

    /// <summary>The errors that are answered first, one for each question; then the token, or <c>authorization_pending</c> for ever.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public bool IsLetIn { get; set; } = true;

    public int ExpiresIn { get; set; } = 600;

    public static bool IsForAnybody(HttpRequest request) => request.Path.Value is "/auth/device" or "/auth/device/token";

    private JsonHttpResult<DeviceLoginStarted> Begin(HttpContext http) => TypedResults.Json(
        new DeviceLoginStarted
        {
            DeviceCode = DeviceCode,
            UserCode = "BCDF-GHJK",
            VerificationUri = $"http://{http.Request.Host}/device",
            VerificationUriComplete = $"http://{http.Request.Host}/device?user_code=BCDF-GHJK",
            ExpiresIn = ExpiresIn,
            Interval = 1,
        },
        ContractsJson.Default.DeviceLoginStarted);

    private IResult Ask(HttpContext http)
    {
        var asked = JsonSerializer.Deserialize(((Call)http.Items[typeof(Call)]!).Body, ContractsJson.Default.DeviceTokenRequest)!;
        var error = asked.DeviceCode != DeviceCode || asked.GrantType is null ? "invalid_grant" : Errors.TryDequeue(out var next) ? next : null;
        return error is null && IsLetIn
            ? TypedResults.Json(
                new DeviceToken { Token = Token, AccessToken = Token, TokenType = "bearer", ExpiresIn = 60, Workspace = ContractServer.WorkspaceId },
                ContractsJson.Default.DeviceToken)
            : TypedResults.Json(new DeviceTokenRefusal(error ?? "authorization_pending", "Says why."), ContractsJson.Default.DeviceTokenRefusal, statusCode: 400);
    }

    private static JsonHttpResult<DeviceApproval> Decide(HttpContext http)
    {
        var asked = JsonSerializer.Deserialize(((Call)http.Items[typeof(Call)]!).Body, ContractsJson.Default.DeviceApprovalRequest)!;
        return TypedResults.Json(
            new DeviceApproval
            {
                Status = asked.Decision ?? "pending",
                UserCode = asked.UserCode!,
                ClientName = "a\u001b[31m laptop",
                Address = "192.0.2.7",
                Workspace = ContractServer.WorkspaceId,
            },
            ContractsJson.Default.DeviceApproval);
    }
}
