using ControlPlane.Clusters;

namespace ControlPlane.Scenarios;

/// <summary>What an operator's first month brings, done beforehand. Each leaves the cluster whole.</summary>
public static class Faults
{
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(6);

    /// <summary>A gateway has renewed a third of its lease of 10 s ago at most, and a renewal takes time.</summary>
    private static readonly TimeSpan Served = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Back = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("silo-killed", KeepsServing: true, (cluster, _) => KilledAsync(cluster, "silo1"), CallsSucceed: true),
        new("silo-killed-amid-revocations", KeepsServing: true, async (cluster, load) =>
        {
            var keys = await load.WarmAsync(48);
            var revoked = load.RevokeAllAsync(keys);
            await cluster.KillAsync("silo1");
            await revoked;
            await cluster.UpAsync();
        }, CallsSucceed: true),
        new("silo-killed-amid-starts", KeepsServing: true, async (cluster, load) =>
        {
            var started = load.StartAllAsync(48);
            await cluster.KillAsync("silo1");
            await started;
            await cluster.UpAsync();
        }, CallsSucceed: true),
        new("silo-frozen", KeepsServing: true, async (cluster, _) =>
        {
            await cluster.SignalAsync("silo2", "STOP");
            await WaitAsync(TimeSpan.FromSeconds(12));
            await cluster.SignalAsync("silo2", "CONT");

            // If it was declared dead, it ends by itself; on a machine that is very busy nobody may have noticed.
            await cluster.GoneAsync("silo2", AWhile);
            await cluster.UpAsync();
        }),
        new("gateway-killed", KeepsServing: true, (cluster, _) => KilledAsync(cluster, "gateway1"), Cluster.Gateways[0]),
        new("gateway-frozen", KeepsServing: true, async (cluster, load) =>
        {
            var keys = await load.WarmAsync(24);
            await cluster.SignalAsync("gateway2", "STOP");

            // They return when its lease is over; what is asked of it then it answers when it wakes.
            var revoked = load.RevokeAllAsync(keys, Cluster.Gateways[0]);
            await WaitAsync(TimeSpan.FromSeconds(14));
            await cluster.SignalAsync("gateway2", "CONT");
            await revoked;
        }, Cluster.Gateways[1]),
        new("gateway-restarted-beside-its-frozen-one", KeepsServing: true, async (cluster, load) =>
        {
            await cluster.SignalAsync("gateway1", "STOP");
            using var successor = await cluster.StartSuccessorAsync();
            await load.AskHeldAsync(Cluster.Successor);
            await WaitAsync(AWhile);
            await cluster.SignalAsync("gateway1", "CONT");
            await WaitAsync(AWhile);
            await load.AskHeldAsync(Cluster.Successor);
            successor.Kill();
            await successor.WaitForExitAsync();
        }, Cluster.Gateways[0]),
        new("worker-killed", KeepsServing: false, (cluster, _) => KilledAsync(cluster, "worker1")),
        new("worker-frozen", KeepsServing: false, async (cluster, _) =>
        {
            await cluster.SignalAsync("worker2", "STOP");
            await WaitAsync(AWhile);
            await cluster.SignalAsync("worker2", "CONT");
        }),
        new("redis-killed", KeepsServing: true, (cluster, _) => KilledAsync(cluster, "redis", TimeSpan.FromSeconds(1))),
        new("redis-frozen", KeepsServing: true, async (cluster, _) =>
        {
            await cluster.SignalAsync("redis", "STOP");
            await WaitAsync(TimeSpan.FromSeconds(5));
            await cluster.SignalAsync("redis", "CONT");
        }),
        new("redis-gone-for-30-s", KeepsServing: false, async (cluster, _) =>
        {
            cluster.Redis.SetDown(true);
            await WaitAsync(TimeSpan.FromSeconds(30));
            cluster.Redis.SetDown(false);
            cluster.Mend();
            await cluster.UpAsync();
        }, ServesFor: Served, BackWithin: Back),
        new("silo-killed-after-redis-was-gone", KeepsServing: false, async (cluster, _) =>
        {
            cluster.Redis.SetDown(true);
            await WaitAsync(TimeSpan.FromSeconds(30));
            cluster.Redis.SetDown(false);
            await WaitAsync(AWhile);
            await KilledAsync(cluster, "silo1");
            await WaitAsync(TimeSpan.FromSeconds(20));
        }),
        new("redis-slow", KeepsServing: true, async (cluster, _) =>
        {
            cluster.Redis.Delay = TimeSpan.FromMilliseconds(50);
            await WaitAsync(TimeSpan.FromSeconds(15));
            cluster.Redis.Delay = TimeSpan.Zero;
        }),
        new("nothing-passes-from-gateways-to-a-silo", KeepsServing: true, async (cluster, _) =>
        {
            cluster.Silos[0].StallsThere = true;
            await WaitAsync(AWhile);
            cluster.Silos[0].StallsThere = false;
        }),
        new("nothing-passes-from-a-silo-to-gateways", KeepsServing: true, async (cluster, _) =>
        {
            cluster.Silos[1].StallsBack = true;
            await WaitAsync(AWhile);
            cluster.Silos[1].StallsBack = false;
        }),
        new("silos-disagree-by-30-s", KeepsServing: true, async (cluster, _) =>
        {
            await cluster.KillAsync("silo2");
            await cluster.UpAsync(("CLUSTER_SILO2_CLOCK", "+30s"));
            await WaitAsync(TimeSpan.FromSeconds(15));

            // Until the clock has passed the moment that the one before took for its start, the engine takes a successor for its predecessor.
            await KilledAsync(cluster, "silo2", TimeSpan.FromSeconds(30));
        }),
        new("rolling-restart", KeepsServing: true, async (cluster, _) =>
        {
            foreach (var process in new[] { "silo1", "silo2", "gateway1", "gateway2" })
            {
                await cluster.SignalAsync(process, "TERM");
                await cluster.GoneAsync(process);
                await cluster.UpAsync();
            }
        }, NeedsBalancer: true),
        new("all-silos-killed", KeepsServing: false, async (cluster, _) =>
        {
            await Task.WhenAll(cluster.KillAsync("silo1"), cluster.KillAsync("silo2"));
            await WaitAsync(TimeSpan.FromSeconds(1));
            await cluster.UpAsync();
            cluster.Mend();
        }, ServesFor: Served, BackWithin: Back),
        new("busy-cores", KeepsServing: true, async (cluster, _) =>
        {
            await using var others = new Burners(2 * Environment.ProcessorCount);
            await WaitAsync(TimeSpan.FromSeconds(60));
            await cluster.MustRunAsync();
        }, OnRequest: true),
        new("two-releases", KeepsServing: true, async (cluster, _) =>
        {
            var other = Environment.GetEnvironmentVariable("CHAOS_OTHER")
                ?? throw new InvalidOperationException("CHAOS_OTHER names the folder of another release, built; scripts/chaos makes one.");
            foreach (var root in new[] { other, "" })
            {
                foreach (var process in new[] { "silo2", "gateway2" })
                {
                    await cluster.SignalAsync(process, "TERM");
                    await cluster.GoneAsync(process);
                    await cluster.UpAsync(("CLUSTER_OTHER", root));
                }

                await WaitAsync(TimeSpan.FromSeconds(20));
            }
        }, NeedsBalancer: true, OnRequest: true),
    ];

    /// <summary>Dead for a while, then started again.</summary>
    private static async Task KilledAsync(Cluster cluster, string process, TimeSpan? dead = null)
    {
        await cluster.KillAsync(process);
        await WaitAsync(dead ?? AWhile);
        await cluster.UpAsync();
    }

    private static Task WaitAsync(TimeSpan span) => Task.Delay(span, TimeProvider.System);
}
