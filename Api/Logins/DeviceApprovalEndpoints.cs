using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Logins;

/// <summary>
/// <code>
/// POST /auth/device/approval    who asks under a user code; with a decision: let the device in, or refuse it     any user's credential
/// </code>
/// </summary>
internal static class DeviceApprovalEndpoints
{
    private static async Task<Ok<DeviceApproval>> DecideAsync(
        HttpContext http, IEntities entities, LoginLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadAsync<DeviceApprovalRequest>(http, cancellationToken);
        bool? approve = request.Decision switch
        {
            null => null,
            "approve" => true,
            "deny" => false,
            _ => throw Invalid.At("decision", "approve or deny; without it, only who asks is told."),
        };
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await new Approving(entities, limits, time).RunAsync(http, request.UserCode ?? "", approve, cancellationToken));
    }

    public static void MapDeviceApproval(this IEndpointRouteBuilder routes) => routes.MapPost("/auth/device/approval", DecideAsync)
        .WithTags("Auth").Describe("decideDeviceLogin", "Say who asks to log in, and let the device in or refuse it")
        .Accepts<DeviceApprovalRequest>("application/json").Refuses(404, 413);
}
