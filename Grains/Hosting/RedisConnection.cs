using StackExchange.Redis;

namespace ControlPlane.Hosting;

/// <summary>From the options to what the providers connect with.</summary>
public static class RedisConnection
{
    /// <summary>How soon a lost connection is tried again, however often that has failed.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>The connection as configured; it never has the password in its text form.</summary>
    public static ConfigurationOptions ToConfiguration(this RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Connection);
        configuration.Password = options.Password.Length > 0 ? options.Password : configuration.Password;
        configuration.AsyncTimeout = configuration.SyncTimeout = (int)options.Timeout.TotalMilliseconds;
        configuration.ConnectTimeout = (int)options.Timeout.TotalMilliseconds;

        // Redis may come after its silos, and may go and come back: they connect again, and fail at once while it is away.
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;

        // By default the tries are further and further apart, to ten seconds, and what waits for Redis would wait that much longer after its return.
        configuration.ReconnectRetryPolicy = new LinearRetry((int)RetryAfter.TotalMilliseconds);
        configuration.HeartbeatInterval = RetryAfter;
        return configuration;
    }
}
