using ControlPlane.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ControlPlane.Redis;

/// <summary>
/// At the start, before the silo: whether Redis keeps what it acknowledges. A revocation is answered because a save was; a Redis that
/// forgets the save brings the key back to life.
/// </summary>
internal sealed partial class RedisDurability(IOptions<RedisOptions> options, ILogger<RedisDurability> logger) : IHostedService
{
    private static readonly (string Setting, string Wanted)[] Needed =
        [("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction")];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configuration = options.Value.ToConfiguration();
        configuration.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        var faults = new List<string>();
        foreach (var endpoint in connection.GetEndPoints())
        {
            faults.AddRange(await FaultsAsync(connection.GetServer(endpoint)));
        }

        if (faults.Count == 0)
        {
            return;
        }

        var words = string.Join("; ", faults);
        if (!options.Value.AllowWeakDurability)
        {
            throw new StartException(
                $"This Redis may forget what it acknowledges: {words}. Set appendonly yes, appendfsync always and maxmemory-policy noeviction, "
                + $"or, for a trial, {RedisOptions.Section}:{nameof(RedisOptions.AllowWeakDurability)}=true.");
        }

        LogWeak(words);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<IReadOnlyList<string>> FaultsAsync(IServer server)
    {
        try
        {
            var found = new List<string>();
            foreach (var (setting, wanted) in Needed)
            {
                var value = (await server.ConfigGetAsync(setting)).Select(pair => pair.Value).FirstOrDefault() ?? "unknown";
                if (value != wanted)
                {
                    found.Add($"{setting} is {value}, not {wanted}");
                }
            }

            return found;
        }
        catch (RedisException problem)
        {
            return [$"its settings cannot be read ({problem.Message})"];
        }
    }

    [LoggerMessage(EventId = 4001, EventName = "RedisMayForget", Level = LogLevel.Warning,
        Message = "This Redis may forget what it acknowledges: {Faults}. AllowWeakDurability is set: good for trials only")]
    private partial void LogWeak(string faults);
}
