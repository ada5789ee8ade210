using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Processes;

/// <summary>What a silo says and does when it is started in a way that cannot be good.</summary>
public sealed class SiloStartTests
{
    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"];

    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> Weak() => new()
    {
        { "appendonly", "no" }, { "appendfsync", "everysec" }, { "no-appendfsync-on-rewrite", "yes" }, { "maxmemory-policy", "allkeys-lru" },
    };

    [Theory, MemberData(nameof(Weak))]
    public async Task On_a_Redis_that_may_forget_it_does_not_start(string setting, string value)
    {
        await using var redis = await RunningRedis.StartAsync([.. Durable, $"--{setting}", value]);

        var (exitCode, said) = await RunAsync(redis.Port);

        Assert.Equal(1, exitCode);
        Assert.Contains(setting, Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("AllowWeakDurability", said[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_Redis_that_replicas_follow_it_does_not_start_and_on_a_replica_neither()
    {
        await using var redis = await RunningRedis.StartAsync(Durable);
        await using var replica = await RunningRedis.StartAsync([.. Durable, "--replicaof", "127.0.0.1", redis.Port.ToString(CultureInfo.InvariantCulture)]);
        await redis.ReadUntilAsync("succeeded");

        var primary = await RunAsync(redis.Port);
        var second = await RunAsync(replica.Port);

        Assert.Equal((1, 1), (primary.ExitCode, second.ExitCode));
        Assert.Contains("replicas follow it (1)", Assert.Single(primary.Said), StringComparison.Ordinal);
        Assert.Contains("it is a replica", Assert.Single(second.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_comes_later_is_waited_for_and_judged_then()
    {
        var port = FreePort.Next();
        using var silo = Start(port);
        await UntilItWaitsAsync(silo);

        await using var redis = await RunningRedis.StartAtAsync(port, [.. Durable, "--appendonly", "no"]);
        using var limit = new CancellationTokenSource(EndsWithin);
        await silo.WaitForExitAsync(limit.Token);

        Assert.Equal(1, silo.ExitCode);
        Assert.Contains("appendonly is no", Assert.Single((await silo.StandardError.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("another")]
    public async Task A_Redis_that_refuses_the_password_is_not_waited_for(string password)
    {
        await using var redis = await RunningRedis.StartAsync([.. Durable, "--requirepass", Guid.NewGuid().ToString()]);

        var (exitCode, said) = await RunAsync(redis.Port, ("Redis__Password", password));

        Assert.Equal(1, exitCode);
        Assert.Contains("Redis:Password", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_Redis_can_be_stopped()
    {
        using var silo = Start(FreePort.Next());
        await UntilItWaitsAsync(silo);

        using var kill = Process.Start("kill", ["-TERM", silo.Id.ToString(CultureInfo.InvariantCulture)]);
        using var limit = new CancellationTokenSource(EndsWithin);
        await silo.WaitForExitAsync(limit.Token);

        Assert.Equal((0, ""), (silo.ExitCode, await silo.StandardError.ReadToEndAsync()));
    }

    [Fact]
    public async Task For_a_trial_it_starts_on_one_all_the_same()
    {
        await using var redis = await RunningRedis.StartAsync("--appendonly", "no");
        var port = FreePort.Next();
        using var silo = Start(redis.Port, ("Redis__AllowWeakDurability", "true"), ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        using var client = new HttpClient();

        await RunningCluster.UntilAsync(() => client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/health/ready")));

        silo.Kill();
        await silo.WaitForExitAsync();
    }

    [Theory]
    [InlineData("Workers__JoinToken", "short", "JoinToken")]
    [InlineData("ARCHAL_BOOTSTRAP_TOKEN", "no-token", "archal token new")]
    [InlineData("Leases__Duration", "00:00:03", "Leases")]
    [InlineData("Cluster__SiloPort", "70000", "SiloPort")]
    [InlineData("Redis__Timeout", "00:10:00", "Timeout")]
    public async Task A_setting_that_is_not_valid_is_named_in_one_line(string setting, string value, string named)
    {
        await using var redis = await RunningRedis.StartAsync(Durable);

        var (exitCode, said) = await RunAsync(redis.Port, (setting, value));

        Assert.Equal(1, exitCode);
        Assert.Contains(named, Assert.Single(said), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string[] Said)> RunAsync(int redis, params (string Name, string Value)[] settings)
    {
        using var silo = Start(redis, settings);
        using var limit = new CancellationTokenSource(EndsWithin);
        var (said, logged) = (silo.StandardError.ReadToEndAsync(limit.Token), silo.StandardOutput.ReadToEndAsync(limit.Token));
        await silo.WaitForExitAsync(limit.Token);
        await logged;
        return (silo.ExitCode, (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task UntilItWaitsAsync(Process silo)
    {
        while (await silo.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Redis does not answer yet", StringComparison.Ordinal))
            {
                _ = silo.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        Assert.Fail($"The silo ended: {await silo.StandardError.ReadToEndAsync()}");
    }

    private static Process Start(int redis, params (string Name, string Value)[] settings)
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo(Path.Combine(RunningCluster.Root(), "Silo", "bin", configuration, "net10.0", "ControlPlane.Silo"))
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        (string Name, string Value)[] usual =
        [
            ("Redis__Connection", $"127.0.0.1:{redis}"), ("Workers__JoinToken", new string('j', 32)), ("ASPNETCORE_URLS", $"http://127.0.0.1:{FreePort.Next()}"),
            ("Cluster__SiloPort", FreePort.Next().ToString(CultureInfo.InvariantCulture)),
            ("Cluster__GatewayPort", FreePort.Next().ToString(CultureInfo.InvariantCulture)),
        ];
        foreach (var (name, value) in usual.Concat(settings))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The silo did not start.");
    }
}
