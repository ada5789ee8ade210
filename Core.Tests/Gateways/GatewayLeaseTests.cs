using ControlPlane.Behaviour;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Gateways;

/// <summary>Protocol 3, 5, 9 and 15 to 17, from the gateway's side.</summary>
public sealed class GatewayLeaseTests
{
    private static readonly TimeSpan Lease = new LeaseOptions().Duration;

    [Fact]
    public Task A_lease_counts_from_when_its_renewal_was_sent() => InWorldAsync(async (world, gateway) =>
    {
        var sent = 0L;
        gateway.Link.Before = name =>
        {
            sent = name == nameof(IGateway.RenewAsync) ? world.Time.GetTimestamp() : sent;
            return Task.CompletedTask;
        };
        gateway.Link.After = name => name == nameof(IGateway.RenewAsync) ? Task.Delay(TimeSpan.FromSeconds(3), world.Time) : Task.CompletedTask;
        await world.PassAsync(TimeSpan.FromSeconds(20));
        gateway.Link.After = _ => throw new IOException();
        await world.PassAsync(TimeSpan.FromMilliseconds(1));
        var held = sent;
        gateway.Link.IsCut = true;
        gateway.Link.Before = null;
        while (gateway.Gateway.IsReady)
        {
            world.Time.Freeze(TimeSpan.FromMilliseconds(1));
        }

        var counted = world.Time.GetElapsedTime(held);
        Assert.True(counted <= Lease, $"it counted {counted} from the last renewal that was sent");
    });

    [Fact]
    public Task A_renewal_that_failed_is_tried_again_at_once_and_not_a_third_of_a_lease_later() => InWorldAsync(async (world, gateway) =>
    {
        var tried = 0;
        gateway.Link.Before = name => name == nameof(IGateway.RenewAsync) ? FailAsync() : Task.CompletedTask;
        async Task FailAsync()
        {
            tried++;
            await Task.Delay(TimeSpan.FromSeconds(1), world.Time);
            throw new IOException("Its silo has gone.");
        }

        // Of the 6.7 s that are left at least, one fails each 1.1 s.
        await world.PassAsync((Lease / 3) + TimeSpan.FromSeconds(6));
        Assert.InRange(tried, 5, 7);
        Assert.True(gateway.Gateway.IsReady);

        gateway.Link.Before = null;
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.True(gateway.Gateway.IsReady);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Either_clock_ends_a_lease(bool wall) => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var request = await gateway.AskAsync(key.Token, session);
        Action<TimeSpan> pass = wall ? world.Time.MoveWall : span =>
        {
            world.Time.Freeze(span);
            world.Time.MoveWall(-span);
        };
        pass(TimeSpan.FromSeconds(6));
        Assert.True(request.MayPass(1));

        // No timer has fired: whoever wakes looks at the clocks first.
        pass(TimeSpan.FromSeconds(4));
        Assert.False(request.MayPass(1));
        Assert.Equal((1, ErrorCode.ControlPlaneUnavailable), (request.Cuts, request.CutBecause?.Code));
        Assert.False(gateway.Gateway.IsReady);
    });

    /// <summary>Its owner cannot know that it has lapsed, and gave it anew just then.</summary>
    [Fact]
    public Task Nobody_waits_for_a_lease_that_has_lapsed() => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        Assert.Null(await gateway.TryAsync(key.Token, session));
        world.Time.MoveWall(Lease);
        await world.PassAsync((Lease / 3) + TimeSpan.FromSeconds(1));
        Assert.True(gateway.Gateway.IsReady);

        var began = world.Time.GetTimestamp();
        await world.RevokeAsync(key);

        Assert.True(world.Time.GetElapsedTime(began) < TimeSpan.FromSeconds(1), $"it took {world.Time.GetElapsedTime(began)}");
    });

    [Fact]
    public Task A_renewal_that_is_answered_after_the_lease_is_not_taken() => InWorldAsync(async (world, gateway) =>
    {
        var request = await gateway.AskAsync((await world.KeyAsync()).Token, await world.SessionAsync());
        var late = new TaskCompletionSource();
        gateway.Link.After = name => name == nameof(IGateway.RenewAsync) ? late.Task : Task.CompletedTask;
        await world.PassAsync(TimeSpan.FromSeconds(3.4));
        Assert.True(request.MayPass(1));
        world.Time.Freeze(Lease);
        late.SetResult();
        await Quiet.WaitAsync();

        // It goes on, under another incarnation: what ran under the first has ended.
        Assert.Equal((1, false), (request.Cuts, request.MayPass(1)));
    });

    [Fact]
    public Task A_lapse_drops_all_and_cuts_all_once() => InWorldAsync(async (world, gateway) =>
    {
        var session = await world.SessionAsync();
        var requests = new List<TestRequest>();
        for (var i = 0; i < 20; i++)
        {
            requests.Add(await gateway.AskAsync((await world.KeyAsync()).Token, session));
        }

        gateway.Link.IsCut = true;
        await world.PassAsync(Lease * 2);
        Assert.All(requests, request => Assert.Equal((1, false), (request.Cuts, request.MayPass(1))));
        Assert.Equal((0, 0), (gateway.Gateway.Credentials.Count, gateway.Gateway.SessionFacts.Count));
    });

    [Fact]
    public Task No_lease_comes_into_hand_while_an_earlier_one_is_being_dropped() => Task.Run(async () =>
    {
        var (time, options) = (new VirtualTime(), new LeaseOptions());
        var storage = new MemoryStorage();
        var owners = new FewEntities { Gateways = id => new GatewayEntity(new BareHost(new EntityKey("gateway", id), time, storage), options) };
        using var dropping = new ManualResetEventSlim();
        using var dropped = new ManualResetEventSlim();
        using var stopping = new CancellationTokenSource();
        var keeper = new LeaseKeeper(
            owners, new LocalDoors(), options, time, Random.Shared, (name, recall) => new RecallAnswer(name, recall.Kind, recall.Subject, recall.Version),
            () =>
            {
                dropping.Set();
                dropped.Wait();
            });
        var running = keeper.RunAsync(stopping.Token);
        await time.PassUntilAsync(keeper.IncarnationAsync(CancellationToken.None));
        var first = keeper.Lease!;
        var lapsing = Task.Factory.StartNew(() => keeper.Lapse(first), TaskCreationOptions.LongRunning);
        dropping.Wait();
        await time.PassAsync(options.Duration);
        Assert.Null(keeper.Lease);

        dropped.Set();
        await lapsing;
        await time.PassAsync(options.Third);
        Assert.NotEqual(first.Incarnation, keeper.Lease?.Incarnation);
        Assert.NotNull(keeper.Lease);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    });

    [Fact]
    public Task A_thousand_requests_on_a_cold_session_are_two_questions() => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var questions = 0;
        gateway.Link.Before = name =>
        {
            Interlocked.Add(ref questions, name == nameof(ISession.AuthorizeAsync) ? 1 : 0);
            return Task.CompletedTask;
        };
        var requests = await world.UntilAsync(Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => gateway.AskNowAsync(key.Token, session)))));

        Assert.All(requests, request => Assert.True(request.MayPass(1)));
        Assert.Equal(2, questions);
    });

    [Fact]
    public Task An_answer_that_a_recall_overtook_is_asked_again() => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var late = new TaskCompletionSource();
        gateway.Link.After = name => name == nameof(ISession.AuthorizeAsync) ? late.Task : Task.CompletedTask;
        var asking = gateway.AskNowAsync(key.Token, session);
        await Quiet.WaitAsync();
        var report = await world.RevokeAsync(key);
        Assert.Equal((1, 0), (report!.Acknowledged, report.Waited));
        late.SetResult();

        Assert.Equal(ErrorCode.CredentialInvalid, (await world.UntilAsync(asking)).Refused);
    });

    [Fact]
    public Task A_no_serves_only_those_who_were_waiting_when_it_was_asked() => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), SessionId.New());
        Assert.Null(await gateway.TryAsync(key.Token, await world.SessionAsync()));
        var late = new TaskCompletionSource();
        gateway.Link.After = name => name == nameof(ISession.AuthorizeAsync) ? late.Task : Task.CompletedTask;
        var early = gateway.AskNowAsync(key.Token, session);
        await Quiet.WaitAsync();
        await world.SessionAsync(id: session);
        var afterwards = gateway.AskNowAsync(key.Token, session);
        late.SetResult();

        Assert.Equal(ErrorCode.SessionNotFound, (await world.UntilAsync(early)).Refused);
        Assert.Null((await world.UntilAsync(afterwards)).Refused);
    });

    [Fact]
    public Task A_final_refusal_is_remembered_for_a_second() => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        await world.RevokeAsync(key);
        var questions = 0;
        gateway.Link.Before = name =>
        {
            questions += name == nameof(ISession.AuthorizeAsync) ? 1 : 0;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(key.Token, session));
        }

        Assert.Equal(1, questions);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(key.Token, session));
        Assert.Equal(2, questions);
    });

    [Fact]
    public Task A_share_that_cannot_be_asked_for_is_unavailable() => InWorldAsync(async (world, gateway) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 10));
        gateway.Link.Before = name => name == nameof(ISession.TakeShareAsync) ? throw new IOException() : Task.CompletedTask;

        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await gateway.TryAsync(key.Token, session));
    });

    private static Task InWorldAsync(Func<World, TestGateway, Task> story) => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new EntityOptions(new(), new(), new()));
        var world = await World.InAsync(host);
        await story(world, await host.GatewayAsync());
    });
}
