using ControlPlane.Errors;
using ControlPlane.Operations;
using ControlPlane.Sessions;
using ControlPlane.Workers;

namespace ControlPlane.Behaviour;

/// <summary>What an operator is shown, and what becomes of a worker that is drained.</summary>
public abstract class OperationsTests : BehaviourTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    [Fact]
    public Task Sessions_placements_and_what_runs_are_one_number() => InWorldAsync(reuse: true, async world =>
    {
        var elsewhere = await World.InAsync(world.Host, "ws-b");
        var stopped = await world.SessionAsync();
        await world.SessionAsync();
        await elsewhere.SessionAsync();
        await world.StopAsync(stopped);
        await world.PassAsync(Beat);

        var seen = await OverviewAsync(world);

        Assert.Equal((2, 2, 2), (seen.LiveSessions, seen.Placements, world.Host.Workers.Sum(worker => worker.Running.Count)));
    });

    [Fact]
    public Task A_gateway_is_listed_until_its_lease_is_over_also_by_owners_that_were_restarted() => InWorldAsync(reuse: true, async world =>
    {
        var (gateway, other) = (await world.Host.GatewayAsync(), await world.Host.GatewayAsync());
        Assert.Equal(2, (await OverviewAsync(world)).Gateways.Count);
        gateway.Vanish();
        await world.Host.CrashAsync();

        var seen = (await OverviewAsync(world)).Gateways;
        Assert.Equal(2, seen.Count);
        Assert.All(seen, row => Assert.InRange(row.View.LeaseLeft, TimeSpan.FromSeconds(1), world.Host.Options.Leases.DurationWithDrift));

        await world.PassAsync(world.Host.Options.Leases.DurationWithDrift + Beat);
        var left = Assert.Single((await OverviewAsync(world)).Gateways);
        Assert.InRange(left.View.Silent, TimeSpan.Zero, world.Host.Options.Leases.Third + Beat);
        Assert.True(other.Gateway.IsReady);

        // Its entity's alarm takes it off the list, so that the list does not grow with the years.
        await world.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Single(await world.UntilAsync(world.Host.Entities.Roster(IRoster.Gateways).AllAsync()));
    });

    [Fact]
    public Task A_drained_worker_is_given_nothing_new_and_what_runs_there_runs_on() => InWorldAsync(reuse: true, async world =>
    {
        var gateway = await world.Host.GatewayAsync();
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var worker = world.Host.Workers[0];

        var drained = await DrainAsync(world, worker.Id, true);
        Assert.Equal((true, 0), (drained!.Drained, drained.Free));

        Assert.Equal(ErrorCode.NoCapacity, await world.RefusalOfAsync(world.SessionAsync()));
        Assert.Null(await gateway.TryAsync(key.Token, session));
        Assert.Equal([session], worker.Running);

        // The pool forgets what heartbeats tell it again, and not what an operator wants.
        await world.Host.CrashAsync();
        Assert.Equal(ErrorCode.NoCapacity, await world.RefusalOfAsync(world.SessionAsync()));
        Assert.True(Assert.Single((await OverviewAsync(world)).Workers).Drained);

        Assert.False((await DrainAsync(world, worker.Id, false))!.Drained);
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(await world.SessionAsync())).Status);
    });

    [Fact]
    public Task Only_a_worker_that_is_known_can_be_drained_and_twice_is_harmless() => InWorldAsync(reuse: true, async world =>
    {
        Assert.Null(await DrainAsync(world, "nobody", true));
        Assert.Null(await DrainAsync(world, "nobody", false));

        var id = world.Host.Workers[0].Id;
        Assert.Equal((await DrainAsync(world, id, true))!.Drained, (await DrainAsync(world, id, true))!.Drained);
        await DrainAsync(world, id, false);
        Assert.False((await DrainAsync(world, id, false))!.Drained);
    });

    [Fact]
    public Task A_session_says_because_of_what_it_is_over() => InWorldAsync(reuse: true, async world =>
    {
        var (stopped, idle, ended) = (await world.SessionAsync(), await world.SessionAsync(), await world.SessionAsync(TimeSpan.FromMinutes(10)));
        Assert.Null((await WhyAsync(world, stopped)).Ending);
        await world.StopAsync(stopped);
        world.Host.Workers[0].Refuses = new Refusal(ErrorCode.Internal, "The clone broke as it started.");
        var broken = await world.SessionAsync();
        world.Host.Workers[0].Refuses = null;
        await world.PassAsync(TimeSpan.FromMinutes(32));

        Assert.Equal(new SessionEnding(SessionEndCause.Stopped, world.Owner.Name), (await WhyAsync(world, stopped)).Ending);
        Assert.Equal(new SessionEnding(SessionEndCause.Idle), (await WhyAsync(world, idle)).Ending);
        Assert.Equal(new SessionEnding(SessionEndCause.EndReached), (await WhyAsync(world, ended)).Ending);
        var failed = await WhyAsync(world, broken);
        Assert.Equal((SessionStatus.Failed, SessionEndCause.StartFailed), (failed.View.Status, failed.Ending!.Cause));
        Assert.Contains("broke", failed.View.LastError, StringComparison.Ordinal);
        Assert.Null(await world.UntilAsync(world.Host.Entities.Session("ses-unknown").ExplainAsync()));
    });

    [Fact]
    public Task A_session_that_lives_says_where_and_who_holds_it() => InWorldAsync(reuse: true, async world =>
    {
        var gateway = await world.Host.GatewayAsync();
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 500));
        Assert.Null(await gateway.TryAsync(key.Token, session));

        var why = await WhyAsync(world, session);

        Assert.Equal((world.Host.Workers[0].Id, 1L), (why.WorkerId, why.Epoch));
        Assert.NotNull(why.Sighting!.Data);
        Assert.Equal([Assert.Single((await OverviewAsync(world)).Gateways).Incarnation], why.Readers);
        Assert.InRange(why.View.RequestsLeft!.Value, 1, 500);

        await world.PassAsync(Beat);
        world.Host.Workers[0].IsSilent = true;
        await world.PassAsync(TimeSpan.FromSeconds(40));
        var lost = await WhyAsync(world, session);
        Assert.Equal((SessionStatus.Failed, new SessionEnding(SessionEndCause.WorkerLost)), (lost.View.Status, lost.Ending));
        Assert.True(lost.Sighting!.IsLost);
    });

    [Fact]
    public Task After_a_restore_a_session_whose_clones_are_not_there_has_failed() => InWorldAsync(reuse: true, async world =>
    {
        var (there, gone) = (await world.SessionAsync(), await world.SessionAsync());
        var held = new[] { new HeldPlacement(there, 1), new HeldPlacement(gone, 2) };

        Assert.False(await world.UntilAsync(world.Host.Entities.Session(there).RestoredAsync(held)));
        Assert.True(await world.UntilAsync(world.Host.Entities.Session(gone).RestoredAsync(held)));

        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(there)).Status);
        Assert.Equal(SessionEndCause.Restored, (await WhyAsync(world, gone)).Ending!.Cause);
        Assert.Contains("backup", (await world.DescribeAsync(gone)).LastError, StringComparison.Ordinal);
    });

    private static Task<Overview> OverviewAsync(World world) => world.UntilAsync(Overview.ReadAsync(world.Host.Entities));

    private static Task<WorkerView?> DrainAsync(World world, string id, bool drained) =>
        world.UntilAsync(world.Host.Entities.Workers.DrainAsync(id, drained));

    private static async Task<SessionExplanation> WhyAsync(World world, string id) =>
        await world.UntilAsync(world.Host.Entities.Session(id).ExplainAsync()) ?? throw new InvalidOperationException($"{id} is unknown.");
}
