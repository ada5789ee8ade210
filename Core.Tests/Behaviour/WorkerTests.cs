using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>What becomes of sessions when their worker falls silent, comes back, moves, or is lost (contract 2.6).</summary>
public abstract class WorkerTests
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(36);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    private protected abstract Task<BehaviourHost> StartAsync(EntityOptions options, int workers, int capacity);

    [Fact]
    public Task While_its_worker_is_silent_a_session_is_unreachable_for_a_while_and_runs_on_when_it_is_back() => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        worker.IsSilent = true;
        await world.PassAsync(Silent);

        // A gateway that asks: one with its fact in hand finds the door shut by itself.
        var gateway = await world.Host.GatewayAsync();
        var refused = await gateway.AskAsync(key.Token, session);
        Assert.Equal(ErrorCode.CloneUnreachable, refused.Refused);
        Assert.NotNull(refused.Verdict.Refusal!.RetryAfter);

        worker.IsSilent = false;
        await world.PassAsync(Beat);
        Assert.Null(await gateway.TryAsync(key.Token, session));
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
    });

    [Fact]
    public Task When_its_worker_is_lost_a_session_has_failed_and_says_why() => InAsync(async world =>
    {
        var gateway = await world.Host.GatewayAsync();
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        using var running = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
        await world.PassAsync(Beat);
        world.Host.Workers[0].IsSilent = true;
        world.Host.ToWorkers.IsCut = true;

        await world.PassAsync(Lost);

        var view = await world.DescribeAsync(session);
        Assert.Equal(SessionStatus.Failed, view.Status);
        Assert.Contains("worker", view.LastError, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.SessionFailed, running.Request.CutBecause?.Code);
        Assert.Equal(ErrorCode.SessionFailed, await gateway.TryAsync(key.Token, session));

        // It keeps no place of the quota, and whoever stops it does not wait for a worker that is gone.
        Assert.Equal(0, world.Host.LiveIn(world.WorkspaceId));
        Assert.Null(await world.RefusalOfAsync(world.StopAsync(session)));
    });

    [Fact]
    public Task What_a_lost_worker_still_holds_when_it_is_back_is_stopped_there() => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        var session = await world.SessionAsync();
        await world.PassAsync(Beat);
        worker.IsSilent = true;
        await world.PassAsync(Lost);
        Assert.Equal([session], worker.Running);

        worker.IsSilent = false;
        await world.PassAsync(Beat);

        Assert.Empty(worker.Running);
        Assert.Equal(SessionStatus.Failed, (await world.DescribeAsync(session)).Status);
        await world.SessionAsync();
    });

    [Fact]
    public Task A_session_notices_by_itself_that_its_worker_is_lost_when_nobody_was_left_to_tell_it() => InAsync(async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        world.Host.Workers[0].IsSilent = true;

        // The pool that knew what the worker held is gone.
        await world.Host.CrashAsync();
        await world.PassAsync(Lost);
        var gateway = await world.Host.GatewayAsync();

        Assert.Equal(ErrorCode.SessionFailed, await gateway.TryAsync(key.Token, session));
        Assert.Equal(SessionStatus.Failed, (await world.DescribeAsync(session)).Status);
    });

    /// <summary>The session was placed since the worker's last heartbeat, and the gateway decides on the fact in hand.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public Task Retries_that_reach_no_worker_do_not_keep_a_session_alive_whose_worker_is_lost(bool withItsPool) => InAsync(async world =>
    {
        var gateway = await world.Host.GatewayAsync();
        var key = await world.KeyAsync();
        world.Host.Workers[0].IsSilent = true;
        var session = await world.SessionAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        if (withItsPool)
        {
            await world.Host.CrashAsync();
        }

        for (var second = 0; second < 35; second++)
        {
            using var retry = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
            gateway.Admission.Doubt(retry.Request);
            await world.PassAsync(TimeSpan.FromSeconds(1));
        }

        var view = await world.DescribeAsync(session);
        Assert.Equal(SessionStatus.Failed, view.Status);
        Assert.Contains("worker", view.LastError, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.SessionFailed, await gateway.TryAsync(key.Token, session));
        Assert.Equal(0, world.Host.LiveIn(world.WorkspaceId));
    });

    /// <summary>A heartbeat may come between the placing and the start, and does not name the session yet.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public Task A_session_that_no_heartbeat_has_named_is_told_that_its_worker_is_lost(bool beatsBetween) => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        worker.IsSilent = true;
        world.Host.ToWorkers.Before = name => beatsBetween && name == "StartAsync" ? world.Host.Entities.Workers.BeatAsync(worker.Beat) : Task.CompletedTask;
        var session = await world.SessionAsync();
        Assert.Equal([session], worker.Running);
        await world.PassAsync(Silent);
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
        world.Host.ToWorkers.IsCut = true;

        await world.PassAsync(Lost - Silent);

        // Nobody has asked for it.
        var view = await world.DescribeAsync(session);
        Assert.Equal(SessionStatus.Failed, view.Status);
        Assert.Contains("worker", view.LastError, StringComparison.Ordinal);
        Assert.Equal(0, world.Host.LiveIn(world.WorkspaceId));
    });

    [Fact]
    public Task A_worker_that_comes_back_elsewhere_is_found_there_by_gateways_that_held_its_address() => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        var gateway = await world.Host.GatewayAsync();
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        using var running = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
        await world.PassAsync(Beat);
        var before = running.Request.Verdict.Route!.Worker;

        worker.DataPort++;
        await world.PassAsync(Beat);

        // What ran towards the old address is cut; what comes now goes to the new one.
        Assert.Equal(ErrorCode.CloneUnreachable, running.Request.CutBecause?.Code);
        using var next = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
        Assert.NotEqual(before, next.Request.Verdict.Route!.Worker);
        Assert.Equal(worker.DataPort, next.Request.Verdict.Route!.Worker.Port);
    });

    /// <summary>The gateway hears of the move late: after it was given the new address, with or without the pool having told the session before.</summary>
    [Theory, InlineData(true, false), InlineData(true, true), InlineData(false, false), InlineData(false, true)]
    public Task News_of_a_move_does_not_cut_what_was_let_in_to_where_the_worker_is_now(bool reuse, bool foundBefore) => InAsync(
        async world =>
        {
            var worker = world.Host.Workers[0];
            var gateway = await world.Host.GatewayAsync();
            var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
            using var failed = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
            await world.PassAsync(Beat);

            worker.DataPort++;
            (worker.IsSilent, gateway.IsSilent) = (true, true);
            var back = foundBefore ? worker.Beat : worker.Beat with { Placements = [] };
            await world.UntilAsync(world.Host.Entities.Workers.RegisterAsync(back));
            await world.PassAsync(TimeSpan.Zero);
            gateway.Admission.Doubt(failed.Request);
            using var next = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
            Assert.Equal(worker.DataPort, next.Request.Verdict.Route!.Worker.Port);
            Assert.Null(failed.Request.CutBecause);

            (worker.IsSilent, gateway.IsSilent) = (false, false);
            await world.PassAsync(Beat + Beat);

            Assert.Equal(ErrorCode.CloneUnreachable, failed.Request.CutBecause?.Code);
            Assert.Null(next.Request.CutBecause);

            // What it was given it still holds, and asks nobody.
            gateway.Link.IsCut = reuse;
            Assert.Null(await gateway.TryAsync(key.Token, session));
        },
        reuse: reuse);

    [Fact]
    public Task A_worker_that_moves_while_the_pool_is_replaced_is_found_all_the_same() => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        var gateway = await world.Host.GatewayAsync();
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        Assert.Null(await gateway.TryAsync(key.Token, session));

        worker.DataPort++;
        await world.Host.CrashAsync();
        await world.PassAsync(Beat);

        using var next = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
        Assert.Equal(worker.DataPort, next.Request.Verdict.Route!.Worker.Port);
    });

    [Fact]
    public Task A_session_that_began_while_its_worker_could_not_be_reached_runs_soon_after_it_can() => InAsync(async world =>
    {
        world.Host.ToWorkers.IsCut = true;
        var session = SessionId.New();
        var creating = world.Host.Entities.Session(session).CreateAsync(world.Owner, World.New());
        await world.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(SessionStatus.Starting, (await world.UntilAsync(creating)).Status);

        world.Host.ToWorkers.IsCut = false;
        await world.PassAsync(Beat);

        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
    });

    /// <summary>When the silo that the pool lived on dies, nothing is wrong with any worker.</summary>
    [Fact]
    public Task A_pool_that_has_heard_of_nobody_yet_keeps_nobody_from_a_session() => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        Assert.Null(await (await world.Host.GatewayAsync()).TryAsync(key.Token, session));

        worker.IsSilent = true;
        await world.Host.CrashAsync();

        // It has no fact in hand, and asks.
        var gateway = await world.Host.GatewayAsync();
        using var asked = new Leaving(gateway, await gateway.AskAsync(key.Token, session));
        Assert.Equal((null, worker.DataPort), (asked.Request.Refused, asked.Request.Verdict.Route?.Worker.Port));
    });

    [Fact]
    public Task A_placement_that_no_session_wants_is_stopped() => InAsync(async world =>
    {
        var worker = world.Host.Workers[0];
        var session = await world.SessionAsync();
        foreach (var (id, epoch) in (ValueTuple<string, long>[])[("ses-nobodys", 1), (session, 7)])
        {
            await worker.StartAsync(new Workers.PlacementOrder(id, epoch, "k", new Dictionary<string, string>()));
        }

        await world.PassAsync(Beat + Beat);

        Assert.Equal([session], worker.Running);
    });

    [Fact]
    public Task New_sessions_go_past_a_worker_that_is_silent_or_draining() => InAsync(
        async world =>
        {
            world.Host.Workers[0].IsSilent = true;
            world.Host.Workers[1].Draining = true;
            await world.PassAsync(Silent);

            await world.SessionAsync();
            await world.SessionAsync();

            Assert.Equal([0, 0, 2], world.Host.Workers.Select(worker => worker.Running.Count));
        },
        workers: 3);

    [Fact]
    public Task A_worker_that_turns_out_to_be_full_is_passed_over_at_once() => InAsync(
        async world =>
        {
            var full = world.Host.Workers[0];
            full.Capacity = 5000;
            full.Refuses = new Refusal(ErrorCode.NoCapacity, "Full.");
            await world.PassAsync(Beat);

            var session = await world.SessionAsync();

            Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
            Assert.Equal((1, session), (full.Starts, Assert.Single(world.Host.Workers[1].Running)));
            await world.StopAsync(session);
            Assert.Empty(world.Host.Workers[1].Running);
        },
        workers: 2, capacity: 100);

    [Fact]
    public Task A_session_whose_worker_dies_before_it_has_started_it_starts_elsewhere_and_leaves_nothing_there() => InAsync(
        async world =>
        {
            var (dying, other) = (world.Host.Workers[0], world.Host.Workers[1]);
            dying.Capacity = 5000;
            await world.PassAsync(Beat);

            // It starts the clones and dies before it has said so.
            world.Host.ToWorkers.After = name => name == "StartAsync" && other.Starts == 0 ? throw new IOException("Gone.") : Task.CompletedTask;
            var session = SessionId.New();
            var creating = world.Host.Entities.Session(session).CreateAsync(world.Owner, World.New());
            await world.PassAsync(Beat);
            dying.IsSilent = true;
            await world.UntilAsync(creating);
            await world.PassAsync(TimeSpan.FromSeconds(60));

            Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
            Assert.Equal([session], other.Running);
            dying.IsSilent = false;
            await world.PassAsync(Beat + Beat);
            Assert.Empty(dying.Running);
        },
        workers: 2, capacity: 100);

    [Fact]
    public Task Where_every_worker_turns_out_to_be_full_it_is_refused_and_keeps_no_place() => InAsync(
        async world =>
        {
            world.Host.Workers[0].Refuses = new Refusal(ErrorCode.NoCapacity, "Full.");

            Assert.Equal(ErrorCode.NoCapacity, await world.RefusalOfAsync(
                world.Host.Entities.Session(SessionId.New()).CreateAsync(world.Owner, World.New())));
            await world.PassAsync(Beat);

            Assert.Equal(0, world.Host.LiveIn(world.WorkspaceId));
        });

    private Task InAsync(Func<World, Task> story, int workers = 1, int capacity = 1000, bool reuse = true) => Task.Run(async () =>
    {
        await using var host = await StartAsync(new EntityOptions(new() { Reuse = reuse }, new(), new()), workers, capacity);
        await story(await World.InAsync(host));
    });

    private sealed class Leaving(TestGateway gateway, TestRequest request) : IDisposable
    {
        public TestRequest Request => request;

        public void Dispose() => gateway.Admission.Leave(request);
    }
}
