using ControlPlane.Behaviour;
using ControlPlane.Hosting;
using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>What a gateway says about an incarnation that has lapsed, and what it keeps of facts that it has given up.</summary>
public sealed class LapsedGatewayTests
{
    private static readonly LeaseOptions Leases = new();

    [Fact]
    public Task A_lapsed_incarnation_says_that_its_share_was_used_and_not_that_its_session_was_not() => InWorldAsync(async (world, gateway, take) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 500));
        Assert.Null(await gateway.TryAsync(key.Token, session));
        world.Time.Freeze(Leases.Duration);
        Assert.False(gateway.Gateway.LeaseStands(world.Time.GetTimestamp()));

        var share = new Recall(RecallKind.Share, Subject.Session(session), 0, Share: 1);
        Assert.Equal(0, take(share).Unused);
        Assert.Throws<InvalidOperationException>(() => take(new Recall(RecallKind.Use, Subject.Session(session), 0)));
    });

    [Fact]
    public Task A_stream_that_went_on_after_its_fact_was_given_up_counts_as_use_when_it_has_left() => InWorldAsync(async (world, gateway, take) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var asked = new Recall(RecallKind.Use, Subject.Session(session), 0);
        var stream = await gateway.AskAsync(key.Token, session);
        take(asked);
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.True(stream.MayPass(1));
        gateway.Admission.Leave(stream);
        await world.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), take(asked).UsedAgo);
    });

    [Fact]
    public Task Nothing_is_left_of_what_was_taken_away() => InWorldAsync(async (world, gateway, _) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 500));
        Assert.Null(await gateway.TryAsync(key.Token, session));
        await world.RevokeAsync(key);
        await world.StopAsync(session);

        Assert.Equal((0, 0, 0, 0, 0), gateway.Gateway.Tables);
    });

    private static Task InWorldAsync(Func<World, TestGateway, Func<Recall, RecallAnswer>, Task> test) => Task.Run(async () =>
    {
        var options = new EntityOptions(Leases, new Sessions.SessionOptions(), new Workspaces.WorkspaceOptions());
        await using var host = new LocalBehaviourHost(options);
        var world = await World.InAsync(host);
        var door = new OpenDoor();
        await using var gateway = new TestGateway(host.Entities, door, Leases, host.Time);
        await host.Time.PassUntilAsync(gateway.Gateway.ReadyAsync(CancellationToken.None));
        await test(world, gateway, door.First);
    });

    /// <summary>Owners find nobody behind it; the test asks in their place.</summary>
    private sealed class OpenDoor : IGatewayDoor
    {
        private readonly List<Func<Recall, RecallAnswer>> _opened = [];

        public Func<Recall, RecallAnswer> First => _opened[0];

        public Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken)
        {
            _opened.Add(take);
            return Task.FromResult($"only-{_opened.Count}");
        }

        public Task CloseAsync(string incarnation) => Task.CompletedTask;
    }
}
