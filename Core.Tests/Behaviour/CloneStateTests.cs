using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>What a session passes on to the worker that has its clones.</summary>
public abstract class CloneStateTests : BehaviourTests
{
    [Fact]
    public Task Reset_goes_to_the_seed_of_creation_for_one_clone_or_for_all() => InWorldAsync(reuse: true, async world =>
    {
        var id = SessionId.New();
        var session = world.Host.Entities.Session(id);
        await world.UntilAsync(session.CreateAsync(world.Owner, World.New(clones: [new PlacedClone("github", "empty"), new PlacedClone("slack", "empty")])));

        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder(null)));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder("slack")));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder("github", "another")));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder("github", State: "{}"u8.ToArray())));

        if (world.Host.Workers is [var worker])
        {
            Assert.Equal(
                [("github", "empty", false), ("slack", "empty", false), ("slack", "empty", false), ("github", "another", false), ("github", null, true)],
                worker.Replaced.Select(told => (told.CloneName, told.Seed, told.State is not null)));
            Assert.All(worker.Replaced, told => Assert.Equal((id, 1L), (told.SessionId, told.Epoch)));
        }

        Assert.Equal("{}"u8.ToArray(), await world.UntilAsync(session.CloneStateAsync(world.Owner, "github")));
    });

    [Fact]
    public Task Whoever_may_not_and_what_does_not_run_is_refused() => InWorldAsync(reuse: true, async world =>
    {
        var id = await world.SessionAsync();
        var session = world.Host.Entities.Session(id);
        var reader = world.Owner with { Scopes = Scopes.SessionsRead };
        var stranger = world.Owner with { WorkspaceId = "ws-other" };

        await world.UntilAsync(session.CheckCloneAsync(world.Owner, "github"));
        Assert.Equal(ErrorCode.ScopeMissing, await RefusalAsync(reader, new CloneOrder(null)));
        Assert.Equal(ErrorCode.SessionForbidden, await RefusalAsync(stranger, new CloneOrder(null)));
        Assert.Equal(ErrorCode.CloneNotInSession, await RefusalAsync(world.Owner, new CloneOrder("slack")));
        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(session.CloneStateAsync(reader, "github")));
        Assert.Equal(ErrorCode.CloneNotInSession, await world.RefusalOfAsync(session.CloneStateAsync(world.Owner, "slack")));
        await world.StopAsync(id);
        Assert.Equal(ErrorCode.SessionNotRunning, await RefusalAsync(world.Owner, new CloneOrder(null)));
        Assert.Equal(ErrorCode.SessionNotRunning, await world.RefusalOfAsync(session.CloneStateAsync(world.Owner, "github")));

        // Whoever asks first is told the same.
        async Task<ErrorCode?> RefusalAsync(Caller caller, CloneOrder order)
        {
            var refusal = await world.RefusalOfAsync(session.SetCloneAsync(caller, order));
            Assert.Equal(refusal, await world.RefusalOfAsync(session.CheckCloneAsync(caller, order.CloneName ?? "github")));
            return refusal;
        }
    });

    [Fact]
    public Task A_worker_that_is_not_reached_is_502_and_the_session_runs_on() => InWorldAsync(reuse: true, async world =>
    {
        var id = await world.SessionAsync();
        world.Host.ToWorkers.IsCut = true;

        Assert.Equal(ErrorCode.CloneUnreachable, await world.RefusalOfAsync(world.Host.Entities.Session(id).SetCloneAsync(world.Owner, new CloneOrder(null))));

        world.Host.ToWorkers.IsCut = false;
        await world.UntilAsync(world.Host.Entities.Session(id).SetCloneAsync(world.Owner, new CloneOrder(null)));
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(id)).Status);
    });

    [Fact]
    public Task Faults_go_to_the_worker_and_a_reset_ends_them() => InWorldAsync(reuse: true, async world =>
    {
        var id = await world.SessionAsync();
        var session = world.Host.Entities.Session(id);
        var faults = """{"faults":[{"status":503}]}"""u8.ToArray();

        await world.UntilAsync(session.SetFaultsAsync(world.Owner, "github", faults));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder("github", "another")));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder(null)));

        Assert.Equal(faults, await world.UntilAsync(session.FaultsAsync(world.Owner with { Scopes = Scopes.SessionsRead }, "github")));
        var told = await world.UntilAsync(world.Host.Entities.Events(world.WorkspaceId).ReadAsync(new EventQuery(null, id, 10)));
        Assert.Equal(("github", world.Owner.Name), (told.Events[2].Event.CloneName, told.Events[2].Event.By));
        Assert.Equal(SessionEventKind.FaultsSet, told.Events[2].Event.Kind);
        if (world.Host.Workers is [var worker])
        {
            Assert.Equal([false, true], worker.Replaced.Select(replaced => replaced.ClearsFaults));
        }
    });

    [Fact]
    public Task Faults_are_for_whoever_may_and_for_what_runs() => InWorldAsync(reuse: true, async world =>
    {
        var id = await world.SessionAsync();
        var session = world.Host.Entities.Session(id);

        Assert.Equal(ErrorCode.ScopeMissing, await RefusalAsync(world.Owner with { Scopes = Scopes.SessionsRead }, "github"));
        Assert.Equal(ErrorCode.SessionForbidden, await RefusalAsync(world.Owner with { WorkspaceId = "ws-other" }, "github"));
        Assert.Equal(ErrorCode.CloneNotInSession, await RefusalAsync(world.Owner, "slack"));
        await world.StopAsync(id);
        Assert.Equal(ErrorCode.SessionNotRunning, await RefusalAsync(world.Owner, "github"));
        Assert.Equal(ErrorCode.SessionNotRunning, await world.RefusalOfAsync(session.FaultsAsync(world.Owner, "github")));

        Task<ErrorCode?> RefusalAsync(Caller caller, string clone) => world.RefusalOfAsync(session.SetFaultsAsync(caller, clone, []));
    });
}
