using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>Protocol 19: never exceeded, all of it usable while no gateway dies, a death costs one share at most.</summary>
public abstract class BudgetTests : BehaviourTests
{
    [Theory]
    [InlineData(true, 1, 7), InlineData(true, 3, 10), InlineData(true, 3, 250), InlineData(true, 2, 1)]
    [InlineData(false, 1, 7), InlineData(false, 3, 10), InlineData(false, 3, 250), InlineData(false, 2, 1)]
    public Task All_of_it_can_be_used_and_not_one_more(bool reuse, int gateways, int total) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: total));
        var all = new List<TestGateway>();
        for (var i = 0; i < gateways; i++)
        {
            all.Add(await world.Host.GatewayAsync());
        }

        // Spread unevenly, several at once.
        var admitted = 0;
        for (var round = 0; admitted < total || round < total; round++)
        {
            Assert.True(round <= total, $"{admitted} of {total} admitted after {round} rounds");
            var answers = await world.UntilAsync(Task.WhenAll(all.Take(1 + (round % gateways)).Select(gateway => gateway.AskNowAsync(key.Token, session))));
            Assert.All(answers, answer => Assert.True(answer.Refused is null or ErrorCode.RequestBudgetExhausted, $"{answer.Refused}"));
            admitted += answers.Count(answer => answer.IsAdmitted);
        }

        Assert.Equal(total, admitted);
        foreach (var gateway in all)
        {
            Assert.Equal(ErrorCode.RequestBudgetExhausted, await gateway.TryAsync(key.Token, session));
        }

        Assert.Equal(0, (await world.DescribeAsync(session)).RequestsLeft);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Random_schedules_never_exceed_it_and_use_all_of_it(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var key = await world.KeyAsync();
        var gateways = new[] { await world.Host.GatewayAsync(), await world.Host.GatewayAsync(), await world.Host.GatewayAsync() };
        foreach (var gateway in gateways)
        {
            // Answers about shares get lost, before or after they were given.
            gateway.Link.Before = name => LoseAsync(name, random, seed);
            gateway.Link.After = name => LoseAsync(name, random, seed);
        }

        for (var round = 0; round < 10; round++)
        {
            var total = random.Next(1, 400);
            var session = await world.SessionAsync(rateLimit: total);
            var (admitted, spent) = (0, 0);
            while (spent < 3)
            {
                var answers = await world.UntilAsync(Task.WhenAll(Enumerable.Range(0, random.Next(1, 60))
                    .Select(_ => gateways[random.Next(3)].AskNowAsync(key.Token, session))));
                admitted += answers.Count(answer => answer.IsAdmitted);
                spent = answers.All(answer => answer.Refused == ErrorCode.RequestBudgetExhausted) ? spent + 1 : 0;
                Assert.True(admitted <= total, $"{admitted} of {total} admitted, seed {seed}, round {round}");
            }

            // What was lost on the way after a place was taken is the request's loss, and cannot be told from use: it is not admitted twice.
            Assert.True(admitted == total, $"{admitted} of {total} admitted, seed {seed}, round {round}");
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task What_is_cut_while_it_waits_for_a_share_takes_nothing_of_it(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (revoked, key, session) = (await world.KeyAsync(), await world.KeyAsync(), await world.SessionAsync(rateLimit: 2));
        var gateway = await world.Host.GatewayAsync();
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Link.After = name => name == "TakeShareAsync" ? given.Task : Task.CompletedTask;
        var cut = Task.Run(() => gateway.AskNowAsync(revoked.Token, session));
        await world.PassAsync(TimeSpan.FromMilliseconds(100));

        await world.RevokeAsync(revoked);
        given.SetResult();

        Assert.Equal(ErrorCode.CredentialInvalid, (await world.UntilAsync(cut)).Refused);
        Assert.Null(await gateway.TryAsync(key.Token, session));
        Assert.Null(await gateway.TryAsync(key.Token, session));
        Assert.Equal(ErrorCode.RequestBudgetExhausted, await gateway.TryAsync(key.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_dead_gateway_costs_one_share_at_most(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 1000));
        var (stays, dies) = (await world.Host.GatewayAsync(), await world.Host.GatewayAsync());
        Assert.Null(await dies.TryAsync(key.Token, session));
        dies.Vanish();
        var admitted = 1;

        // While the dead gateway's lease runs nobody can say whether its share is used: that is 503, and not 429.
        while (await stays.TryAsync(key.Token, session) is not ErrorCode.RequestBudgetExhausted and var refused)
        {
            Assert.True(refused is null or ErrorCode.ControlPlaneUnavailable, $"{refused}");
            admitted += refused is null ? 1 : 0;
        }

        Assert.InRange(admitted, 1000 - 9, 1000);
        Assert.Equal(0, (await world.DescribeAsync(session)).RequestsLeft);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_leaves_gives_its_share_back(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 1000));
        var (stays, leaves) = (await world.Host.GatewayAsync(), await world.Host.GatewayAsync());
        Assert.Null(await leaves.TryAsync(key.Token, session));
        await world.UntilAsync(leaves.DisposeAsync().AsTask());
        var admitted = 1;
        while (await stays.TryAsync(key.Token, session) is null)
        {
            admitted++;
        }

        Assert.Equal(1000, admitted);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_share_that_is_asked_for_again_is_the_same_share(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var session = world.Host.Entities.Session(await world.SessionAsync(rateLimit: 300));
        var gateway = await world.Host.GatewayAsync();
        Assert.True(gateway.Gateway.IsReady);

        var share = await world.UntilAsync(session.TakeShareAsync("reader", 0));
        Assert.Equal(new BudgetShare(1, 3), share);
        Assert.Equal(share, await world.UntilAsync(session.TakeShareAsync("reader", 0)));
        Assert.Equal(2, (await world.UntilAsync(session.TakeShareAsync("reader", share!.Number)))!.Number);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_lapse_gives_no_request_twice(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 1000));
        var gateway = await world.Host.GatewayAsync();
        var admitted = 0;
        for (var lapse = 0; lapse < 5; lapse++)
        {
            Assert.Null(await gateway.TryAsync(key.Token, session));
            gateway.Link.IsCut = true;
            await world.PassAsync(world.Host.Options.Leases.Duration);
            gateway.Link.IsCut = false;
            await world.PassAsync(world.Host.Options.Leases.Duration);
            admitted++;
        }

        while (await gateway.TryAsync(key.Token, session) is null)
        {
            admitted++;
        }

        Assert.InRange(admitted, 1000 - (5 * 9), 1000);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_worker_that_moves_gives_no_place_back(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 300));
        var gateway = await world.Host.GatewayAsync();
        var admitted = 0;
        for (ErrorCode? said = null; said is null or ErrorCode.CloneUnreachable;)
        {
            said = await gateway.TryAsync(key.Token, session);
            admitted += said is null ? 1 : 0;
            if (admitted is 1 or 100 or 200)
            {
                // In the middle of a share.
                world.Host.Workers[0].DataPort++;
                await world.PassAsync(TimeSpan.FromSeconds(3));
            }
        }

        Assert.Equal(300, admitted);
    });

    private static Task LoseAsync(string name, Random random, int seed)
    {
        lock (random)
        {
            return name == nameof(ISession.TakeShareAsync) && random.Next(10) == 0
                ? throw new IOException($"Lost, seed {seed}.")
                : Task.CompletedTask;
        }
    }
}
