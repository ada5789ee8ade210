using System.Globalization;
using StackExchange.Redis;

namespace ControlPlane.Redis;

/// <summary>What of a Redis lets it forget what it has acknowledged.</summary>
internal static class RedisFaults
{
    /// <summary>
    /// With <c>no-appendfsync-on-rewrite yes</c> nothing is flushed while the log is rewritten, <c>appendfsync always</c> or not.
    /// </summary>
    private static readonly (string Setting, string Wanted)[] Needed =
        [("appendonly", "yes"), ("appendfsync", "always"), ("no-appendfsync-on-rewrite", "no"), ("maxmemory-policy", "noeviction")];

    /// <summary>Each in words; none when it keeps everything.</summary>
    /// <exception cref="RedisException">It does not answer, or not this caller.</exception>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    public static async Task<IReadOnlyList<string>> OfAsync(IServer server)
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

        if (OfReplication(await server.InfoRawAsync("replication") ?? "") is { } copied)
        {
            found.Add(copied);
        }

        return found;
    }

    /// <summary>
    /// A save is acknowledged before replicas have it, and a failover to one that lags forgets it. Counted are those that follow:
    /// <c>redis-cli --rdb</c> is one until it has its file.
    /// </summary>
    private static string? OfReplication(string info)
    {
        var lines = info.Split('\n', StringSplitOptions.TrimEntries);
        if (!lines.Contains("role:master"))
        {
            return "it is a replica, or does not say that it is none";
        }

        var following = lines.Count(line => line.StartsWith("slave", StringComparison.Ordinal) && line.Contains("state=online", StringComparison.Ordinal));
        return following > 0 ? string.Create(CultureInfo.InvariantCulture, $"replicas follow it ({following}), and a failover to one forgets what it had not got yet") : null;
    }
}
