using ControlPlane.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ControlPlane.Redis;

/// <summary>
/// At the start, before the silo: whether Redis keeps what it acknowledges. A revocation is answered because a save was; a Redis that
/// forgets the save brings the key back to life. A Redis that does not answer yet is waited for: nothing is known of it.
/// </summary>
internal sealed partial class RedisDurability(IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisDurability> logger) : IHostedService
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configuration = options.Value.ToConfiguration();
        configuration.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        var faults = await WaitForFaultsAsync(connection, cancellationToken);
        if (faults.Count == 0)
        {
            return;
        }

        var words = string.Join("; ", faults);
        if (!options.Value.AllowWeakDurability)
        {
            throw new StartException(
                $"This Redis may forget what it acknowledges: {words}. Set appendonly yes, appendfsync always, no-appendfsync-on-rewrite no and "
                + "maxmemory-policy noeviction, and run it without replicas, "
                + $"or, for a trial, {RedisOptions.Section}:{nameof(RedisOptions.AllowWeakDurability)}=true.");
        }

        LogWeak(words);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<IReadOnlyList<string>> WaitForFaultsAsync(ConnectionMultiplexer connection, CancellationToken cancellationToken)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return await FaultsAsync(connection);
            }
            catch (RedisConnectionException problem) when (IsRefused(problem))
            {
                throw new StartException($"Redis refuses the password: set {RedisOptions.Section}:{nameof(RedisOptions.Password)} to the one that it has.", problem);
            }
            catch (Exception problem) when (IsNoAnswer(problem))
            {
                if (!said)
                {
                    LogSilent(problem);
                }

                await Task.Delay(AskAgainAfter, time, cancellationToken);
            }
        }
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(ConnectionMultiplexer connection)
    {
        var faults = new List<string>();
        foreach (var endpoint in connection.GetEndPoints())
        {
            try
            {
                faults.AddRange(await RedisFaults.OfAsync(connection.GetServer(endpoint)));
            }
            catch (RedisException problem) when (!IsNoAnswer(problem))
            {
                faults.Add($"its settings cannot be read ({problem.Message})");
            }
        }

        return faults;
    }

    /// <summary>Not there, too slow, or still reading its files.</summary>
    private static bool IsNoAnswer(Exception problem) =>
        problem is RedisConnectionException or TimeoutException
        || (problem is RedisServerException && problem.Message.StartsWith("LOADING", StringComparison.Ordinal));

    private static bool IsRefused(Exception? problem) =>
        problem is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } || (problem is not null && IsRefused(problem.InnerException));

    [LoggerMessage(EventId = 4001, EventName = "RedisMayForget", Level = LogLevel.Warning,
        Message = "This Redis may forget what it acknowledges: {Faults}. AllowWeakDurability is set: good for trials only")]
    private partial void LogWeak(string faults);

    [LoggerMessage(EventId = 4002, EventName = "RedisAwaited", Level = LogLevel.Warning,
        Message = "Redis does not answer yet; it is asked every second, and the silo starts once its settings were read")]
    private partial void LogSilent(Exception problem);
}
