namespace ControlPlane.Health;

/// <summary>The answer of <c>GET /health/live</c> and <c>/health/ready</c>, when all is well.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthStatus(string Status);
