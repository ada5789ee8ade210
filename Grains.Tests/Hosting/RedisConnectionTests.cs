namespace ControlPlane.Hosting;

/// <summary>How silos and gateways are connected to Redis.</summary>
public sealed class RedisConnectionTests
{
    [Theory, InlineData(0), InlineData(20), InlineData(1_000_000)]
    public void A_lost_connection_is_tried_again_twice_a_second_however_long_Redis_was_away(int tries)
    {
        var configuration = new RedisOptions { Connection = "localhost:6379" }.ToConfiguration();

        // It is looked at with each heartbeat.
        Assert.True(configuration.HeartbeatInterval <= TimeSpan.FromSeconds(0.5));
        Assert.True(configuration.ReconnectRetryPolicy.ShouldRetry(tries, 501));
    }
}
