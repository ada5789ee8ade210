using ControlPlane.Auth;
using ControlPlane.Errors;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Logins;

/// <summary>
/// A device's question in either dialect: the published one, whose refusals are our envelope, and the one of RFC 8628, which whoever sends a
/// form or <c>grant_type</c> speaks.
/// </summary>
/// <param name="Fault">What is wrong with a question of the RFC's dialect; null: nothing.</param>
internal sealed record DeviceTokenAsk(string Code, bool IsRfc, JsonHttpResult<DeviceTokenRefusal>? Fault)
{
    /// <exception cref="ControlPlaneException">400 or 413: it cannot be read, or it is wrong in the published dialect.</exception>
    public static async Task<DeviceTokenAsk> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        string? code, grant;
        var isForm = FormBody.Is(http.Request);
        if (isForm)
        {
            var form = await FormBody.ReadAsync(http, cancellationToken);
            (code, grant) = (form.One("device_code"), form.One("grant_type"));
        }
        else
        {
            var request = await JsonBody.ReadAsync<DeviceTokenRequest>(http, cancellationToken);
            (code, grant) = (request.DeviceCode, request.GrantType);
        }

        if (!isForm && grant is null)
        {
            return new DeviceTokenAsk(code ?? throw Invalid.At("device_code", "give the one that the login began with."), false, null);
        }

        return new DeviceTokenAsk(code ?? "", true, grant is null ? Refusal("invalid_request", "grant_type is missing.")
            : grant != DeviceTokenRequest.GrantOfDeviceCode ? Refusal("unsupported_grant_type", $"grant_type must be {DeviceTokenRequest.GrantOfDeviceCode}.")
            : code is null ? Refusal("invalid_request", "device_code is missing.")
            : null);
    }

    /// <summary>The answer in the dialect of the question.</summary>
    /// <exception cref="ControlPlaneException">In the published dialect: 428 or 400.</exception>
    public IResult Refuse(LoginStanding standing)
    {
        var refusal = Of(standing);
        return !IsRfc ? throw new ControlPlaneException(refusal)
            : Refusal(standing == LoginStanding.TooSoon ? "slow_down" : refusal.Code.Word(), refusal.Message);
    }

    private static Refusal Of(LoginStanding standing) => standing switch
    {
        LoginStanding.Pending => new Refusal(ErrorCode.AuthorizationPending, "Nobody has decided yet. Ask again after the interval."),
        LoginStanding.TooSoon => new Refusal(
            ErrorCode.AuthorizationPending, "Nobody has decided yet. Ask less often: wait 5 seconds longer between two questions.", LoginEntity.Interval),
        LoginStanding.Denied => new Refusal(ErrorCode.DeviceLoginDenied, "Somebody refused this login. Begin another if that was a mistake."),
        LoginStanding.Expired => new Refusal(
            ErrorCode.DeviceCodeExpired, "The codes have ended: ten minutes are over, or the user code was tried wrongly too often. Begin another login."),
        LoginStanding.Full => new Refusal(
            ErrorCode.QuotaExceeded, "Whoever let this device in has as many logins as one may. End one, as GET /api/me/tokens lists them, and ask again."),
        LoginStanding.Spent => new Refusal(
            ErrorCode.DeviceCodeInvalid, "The token of this login was handed out already, and is handed out once. If that answer was lost, begin another login."),
        _ => new Refusal(ErrorCode.DeviceCodeInvalid, "There is no login with this device code. Begin another."),
    };

    private static JsonHttpResult<DeviceTokenRefusal> Refusal(string error, string description) =>
        TypedResults.Json(new DeviceTokenRefusal(error, description), ContractsJson.Default.DeviceTokenRefusal, statusCode: StatusCodes.Status400BadRequest);
}
