using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Health;

/// <summary>
/// <code>
/// GET /health/live     the process answers
/// GET /health/ready    the silo is a member of the cluster and works
/// </code>
/// </summary>
internal static class SiloHealth
{
    public static void MapSiloHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new HealthStatus("live")));
        app.MapGet("/health/ready", Ready);
    }

    private static Results<Ok<HealthStatus>, StatusCodeHttpResult> Ready(ISiloStatusOracle silos) => silos.CurrentStatus == SiloStatus.Active
        ? TypedResults.Ok(new HealthStatus("ready"))
        : TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
}
