using StackExchange.Redis;

namespace ControlPlane.Hosting;

/// <summary>From the options to what the providers connect with.</summary>
public static class RedisConnection
{
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
        return configuration;
    }
}
