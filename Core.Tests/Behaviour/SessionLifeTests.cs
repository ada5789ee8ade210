using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>Contract 2.7: two deadlines, what moves them, and what happens at their end.</summary>
public abstract class SessionLifeTests : BehaviourTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    [Theory, InlineData(true), InlineData(false)]
    public Task Stopped_is_refused_everywhere_and_what_runs_is_cut(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateways = new[] { await world.Host.GatewayAsync(), await world.Host.GatewayAsync() };
        var running = new[] { await gateways[0].AskAsync(key.Token, session), await gateways[1].AskAsync(key.Token, session) };

        var report = await world.StopAsync(session);

        Assert.Equal((2, 0), (report.Acknowledged, report.Waited));
        Assert.All(running, request => Assert.Equal((false, ErrorCode.SessionEnded), (request.MayPass(1), request.CutBecause?.Code)));
        foreach (var gateway in gateways)
        {
            Assert.Equal(ErrorCode.SessionEnded, await gateway.TryAsync(key.Token, session));
        }

        Assert.Empty(world.Host.Workers[0].Running);
        Assert.Equal(0, world.Host.LiveIn(world.WorkspaceId));
        Assert.Equal(report, await world.StopAsync(session));
        Assert.Equal(SessionStatus.Ended, (await world.DescribeAsync(session)).Status);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_session_that_nobody_uses_ends_after_half_an_hour(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        await world.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Null(await gateway.TryAsync(key.Token, session));

        await world.PassAsync(TimeSpan.FromMinutes(30) - Moment);
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
        await world.PassAsync(Moment * 2);
        Assert.Equal(SessionStatus.Ended, (await world.DescribeAsync(session)).Status);
        Assert.Equal(ErrorCode.SessionEnded, await gateway.TryAsync(key.Token, session));
        Assert.Empty(world.Host.Workers[0].Running);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_session_with_an_open_stream_on_which_bytes_move_never_ends_for_idleness(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var stream = await gateway.AskAsync(key.Token, session);
        for (var i = 0; i < 5; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(29));
            Assert.True(stream.MayPass(1), $"round {i}");
        }

        await world.PassAsync(TimeSpan.FromMinutes(30) + Moment);
        Assert.False(stream.MayPass(1));
        Assert.Equal(ErrorCode.SessionEnded, stream.CutBecause?.Code);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Use_that_was_not_reported_yet_is_asked_for_before_a_session_ends_for_idleness(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var stream = await gateway.AskAsync(key.Token, session);

        // Its reports are lost; only what it answers when it is asked remains.
        gateway.Link.Before = name => name == nameof(ISession.ReportUseAsync) ? throw new IOException() : Task.CompletedTask;
        await world.PassAsync(TimeSpan.FromMinutes(29));
        Assert.True(stream.MayPass(1));
        await world.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
        Assert.True(stream.MayPass(1));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_session_is_idle_for_a_whole_limit_after_its_gateway_is_known_to_be_dead(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        await gateway.AskAsync(key.Token, session);
        await world.PassAsync(Moment);
        gateway.Vanish();
        var last = (await world.DescribeAsync(session)).LastUsedAt;
        await world.PassAsync(last + TimeSpan.FromMinutes(30) + Moment - world.Time.GetUtcNow());
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);

        // Nobody can know that it was not used until its lease was over.
        await world.PassAsync(TimeSpan.FromMinutes(29));
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
        await world.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(SessionStatus.Ended, (await world.DescribeAsync(session)).Status);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Looking_at_a_session_moves_no_deadline(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var session = await world.SessionAsync();
        var before = await world.DescribeAsync(session);
        for (var i = 0; i < 10; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(2));
            Assert.Equal((before.IdleAt, before.EndAt), await DeadlinesAsync(world, session));
        }

        await world.PassAsync(TimeSpan.FromMinutes(10) + Moment);
        Assert.Equal(SessionStatus.Ended, (await world.DescribeAsync(session)).Status);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Traffic_never_moves_the_absolute_end_and_gateways_keep_it_to_the_moment(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(ttl: TimeSpan.FromMinutes(1)));
        var gateway = await world.Host.GatewayAsync();
        var stream = await gateway.AskAsync(key.Token, session);
        var end = (await world.DescribeAsync(session)).EndAt;
        while (end - world.Time.GetUtcNow() is var left && left > TimeSpan.FromMilliseconds(1))
        {
            Assert.True(stream.MayPass(1));
            Assert.Null(await gateway.TryAsync(key.Token, session));
            await world.PassAsync(left <= TimeSpan.FromSeconds(5) ? left - TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds(5));
        }

        // The clock alone: nobody has to be told, and no timer has to fire.
        Assert.True(stream.MayPass(1));
        world.Time.Freeze(TimeSpan.FromMilliseconds(1));
        Assert.False(stream.MayPass(1));
        Assert.Equal(ErrorCode.SessionEnded, stream.CutBecause?.Code);
        Assert.Equal(ErrorCode.SessionEnded, await gateway.TryAsync(key.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Renewing_prolongs_streams_that_run(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(ttl: TimeSpan.FromMinutes(2)));
        var gateway = await world.Host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));

        // Admitted on what the gateway holds, where it holds anything: nothing was asked on this stream's behalf.
        var stream = await gateway.AskAsync(key.Token, session);
        await world.PassAsync(TimeSpan.FromMinutes(1));
        await RenewAsync(world, session, TimeSpan.FromMinutes(10));
        await world.PassAsync(TimeSpan.FromMinutes(9));
        Assert.True(stream.MayPass(1));
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.False(stream.MayPass(1));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Renewing_moves_both_deadlines_and_the_end_never_past_a_week(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var session = await world.SessionAsync();
        var created = (await world.DescribeAsync(session)).CreatedAt;
        await RenewAsync(world, session, TimeSpan.FromHours(2));
        var (idle, end) = await DeadlinesAsync(world, session);
        Assert.Equal((created + TimeSpan.FromHours(2), created + TimeSpan.FromHours(24)), (idle, end));
        await RenewAsync(world, session, TimeSpan.FromMinutes(1));
        Assert.Equal((idle, end), await DeadlinesAsync(world, session));

        await RenewAsync(world, session, TimeSpan.FromDays(30));
        Assert.Equal(created + TimeSpan.FromDays(7), (await DeadlinesAsync(world, session)).End);
        await world.StopAsync(session);
        Assert.Equal(ErrorCode.SessionNotRunning, await world.RefusalOfAsync(world.Host.Entities.Session(session).RenewAsync(world.Owner, Moment)));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task An_ended_session_is_known_for_a_week_and_then_unknown(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        await world.StopAsync(session);
        var index = world.Host.Entities.Sessions(world.WorkspaceId);
        Assert.Equal([session], (await world.UntilAsync(index.PageAsync(new SessionQuery([], null, null, 10, null)))).SessionIds);

        // Nothing but this passes: no beats, no leases.
        world.Time.Freeze(TimeSpan.FromDays(7));
        await world.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(ErrorCode.SessionNotFound, await world.RefusalOfAsync(world.Host.Entities.Session(session).DescribeAsync(world.Owner)));
        Assert.Equal(ErrorCode.SessionNotFound, await (await world.Host.GatewayAsync()).TryAsync(key.Token, session));
        Assert.Empty((await world.UntilAsync(index.PageAsync(new SessionQuery([], null, null, 10, null)))).SessionIds);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_starting_session_is_waited_for(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), SessionId.New());
        var gateway = await world.Host.GatewayAsync();
        var ready = new TaskCompletionSource();
        world.Host.ToWorkers.Before = _ => ready.Task;
        var creating = world.Host.Entities.Session(session).CreateAsync(world.Owner, World.New());
        await world.PassAsync(TimeSpan.FromMilliseconds(100));
        var asking = gateway.AskNowAsync(key.Token, session);
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.False(asking.IsCompleted);
        ready.SetResult();

        Assert.Null((await world.UntilAsync(asking)).Refused);
        Assert.Equal(SessionStatus.Running, (await world.UntilAsync(creating)).Status);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_session_that_is_starting_for_too_long_is_answered_as_such(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), SessionId.New());
        var gateway = await world.Host.GatewayAsync();
        world.Host.ToWorkers.IsCut = true;
        var creating = world.Host.Entities.Session(session).CreateAsync(world.Owner, World.New());
        await world.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal(ErrorCode.SessionStarting, (await gateway.AskAsync(key.Token, session)).Refused);
        Assert.Equal(SessionStatus.Starting, (await world.UntilAsync(creating)).Status);

        // The limit, and the longest pause between two tries.
        await world.PassAsync(world.Host.Options.Sessions.StartLimit + TimeSpan.FromSeconds(15));
        Assert.Equal(ErrorCode.SessionFailed, await gateway.TryAsync(key.Token, session));
        Assert.Equal(0, world.Host.LiveIn(world.WorkspaceId));
    });

    private static Task<SessionView> RenewAsync(World world, string session, TimeSpan by) =>
        world.UntilAsync(world.Host.Entities.Session(session).RenewAsync(world.Owner, by));

    private static async Task<(DateTimeOffset Idle, DateTimeOffset End)> DeadlinesAsync(World world, string session) =>
        await world.DescribeAsync(session) is var view ? (view.IdleAt, view.EndAt) : default;
}
