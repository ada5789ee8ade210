using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Health;

/// <summary>
/// <code>
/// GET /health/live     the process answers
/// GET /health/ready    it holds a lease, so requests get further than here
/// </code>
/// </summary>
internal static class HealthEndpoints
{
    private static Ok<HealthStatus> Live() => TypedResults.Ok(new HealthStatus("live"));

    private static Ok<HealthStatus> Ready(Gateway gateway) => gateway.IsReady
        ? TypedResults.Ok(new HealthStatus("ready"))
        : throw new ControlPlaneException(new Refusal(
            ErrorCode.ControlPlaneUnavailable, "This process holds no lease, so it cannot let anybody in. It keeps asking for one.",
            TimeSpan.FromSeconds(1)));

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", Live).Describe("live", "Whether the process answers");
        health.MapGet("/ready", Ready).Describe("ready", "Whether it can let anybody in").Refuses(StatusCodes.Status503ServiceUnavailable);
    }
}
