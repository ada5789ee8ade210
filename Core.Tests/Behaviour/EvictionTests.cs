using ControlPlane.Leases;
using ControlPlane.Operations;

namespace ControlPlane.Behaviour;

/// <summary>An operator evicts a gateway: it is refused renewals, and over when its lease has really run out (protocol 13 to 17).</summary>
public abstract class EvictionTests : BehaviourTests
{
    private static readonly LeaseOptions Lease = new();

    [Fact]
    public Task Nobody_waits_for_a_gateway_that_was_evicted() => InWorldAsync(reuse: true, async world =>
    {
        var (gateway, name) = await GatewayAsync(world);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        Assert.Null(await gateway.TryAsync(key.Token, session));
        gateway.Vanish();

        Assert.True(await world.UntilAsync(world.Host.Entities.Gateway(name).EvictAsync()));

        var report = await world.RevokeAsync(key);
        Assert.InRange(report!.Milliseconds, 0, 1000);
        Assert.Empty((await OverviewAsync(world)).Gateways);
    });

    [Fact]
    public Task An_eviction_shortens_no_lease() => InWorldAsync(reuse: true, async world =>
    {
        var (gateway, name) = await GatewayAsync(world);
        gateway.Vanish();
        var evicting = world.Host.Entities.Gateway(name).EvictAsync();

        // It was renewed at most a third of a lease ago, and may decide unasked for the rest.
        await world.PassAsync(Lease.Duration - Lease.Third - TimeSpan.FromMilliseconds(200));
        Assert.False(evicting.IsCompleted);
        Assert.False(await world.UntilAsync(world.Host.Entities.Gateway(name).IsOverAsync()));

        Assert.True(await world.UntilAsync(evicting));
        Assert.True(await world.UntilAsync(world.Host.Entities.Gateway(name).IsOverAsync()));
    });

    [Fact]
    public Task A_gateway_that_lives_is_cut_once_and_goes_on_under_another_name() => InWorldAsync(reuse: true, async world =>
    {
        var (gateway, name) = await GatewayAsync(world);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var running = await gateway.AskAsync(key.Token, session);
        Assert.True(running.IsAdmitted);

        Assert.True(await world.UntilAsync(world.Host.Entities.Gateway(name).EvictAsync()));
        await world.PassAsync(Lease.Third + TimeSpan.FromSeconds(1));

        Assert.Equal(1, running.Cuts);
        gateway.Admission.Leave(running);
        Assert.Null(await gateway.TryAsync(key.Token, session));
        Assert.NotEqual(name, Assert.Single((await OverviewAsync(world)).Gateways).Incarnation);
        Assert.True((await world.UntilAsync(world.Host.Entities.Gateway(name).RenewAsync([]))).Over);
    });

    [Fact]
    public Task An_eviction_outlives_whoever_asked_for_it() => InWorldAsync(reuse: true, async world =>
    {
        var (gateway, name) = await GatewayAsync(world);
        using var gone = new CancellationTokenSource();
        var evicting = world.Host.Entities.Gateway(name).EvictAsync(gone.Token);
        await world.PassAsync(TimeSpan.FromMilliseconds(100));
        await gone.CancelAsync();
        await world.Host.CrashAsync();
        _ = evicting.ContinueWith(static _ => { }, TaskScheduler.Default);

        // The gateway lives and asks for renewals all the time: each is refused, and none lengthens what it has.
        await world.PassAsync(Lease.DurationWithDrift + Lease.Third + TimeSpan.FromSeconds(1));

        Assert.True(await world.UntilAsync(world.Host.Entities.Gateway(name).IsOverAsync()));
        Assert.NotEqual(name, await world.UntilAsync(NameAsync(world)));
        Assert.True(gateway.Gateway.IsReady);
    });

    [Fact]
    public Task What_is_recalled_from_an_evicted_gateway_is_still_acknowledged_by_it() => InWorldAsync(reuse: true, async world =>
    {
        var (gateway, name) = await GatewayAsync(world);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        Assert.Null(await gateway.TryAsync(key.Token, session));
        gateway.IsSilent = true;
        var evicting = world.Host.Entities.Gateway(name).EvictAsync();
        await world.PassAsync(TimeSpan.FromMilliseconds(100));

        // Through its next renewal, before its lease is over.
        var report = await world.RevokeAsync(key);

        Assert.InRange(report!.Milliseconds, 0, (long)Lease.Third.TotalMilliseconds + 500);
        Assert.False(evicting.IsCompleted);
        Assert.True(await world.UntilAsync(evicting));
    });

    [Fact]
    public Task An_unknown_incarnation_cannot_be_evicted() => InWorldAsync(reuse: true, async world =>
    {
        Assert.False(await world.UntilAsync(world.Host.Entities.Gateway("nobody").EvictAsync()));
        Assert.Null(await world.UntilAsync(world.Host.Entities.Gateway("nobody").DescribeAsync()));
    });

    private static async Task<(TestGateway Gateway, string Name)> GatewayAsync(World world)
    {
        var gateway = await world.Host.GatewayAsync();
        return (gateway, await NameAsync(world));
    }

    private static async Task<string> NameAsync(World world) => Assert.Single((await OverviewAsync(world)).Gateways).Incarnation;

    private static Task<Overview> OverviewAsync(World world) => world.UntilAsync(Overview.ReadAsync(world.Host.Entities));
}
