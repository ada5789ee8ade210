using ControlPlane.Behaviour;
using ControlPlane.Errors;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>
/// Creating and stopping a session is a chain over several entities and a worker. Cut after each step, in each way, it must leave neither a
/// place of the quota taken nor a clone running that no session knows.
/// </summary>
public sealed class SessionChainTests
{
    public enum Cut
    {
        /// <summary>The process dies before the step is done.</summary>
        DiesBefore,

        /// <summary>The process dies after the step was done and before it knows.</summary>
        DiesAfter,

        /// <summary>The step fails.</summary>
        Fails,

        /// <summary>The step is done, and its answer is lost.</summary>
        FailsAfter,

        /// <summary>The step is done so late that another process has taken over, and both go on.</summary>
        Replaced,
    }

    [Theory, CombinatorialCuts]
    public Task A_start_that_is_cut_anywhere_runs_when_its_caller_repeats_it(Cut cut) => EachStepAsync(cut, async (world, host, run) =>
    {
        var id = SessionId.New();
        await run(() => host.Entities.Session(id).CreateAsync(world.Owner, World.New()));

        var view = await world.UntilAsync(host.Entities.Session(id).CreateAsync(world.Owner, World.New()));
        var running = view.Status == SessionStatus.Running;

        // Where a minute went by before anybody went on, it may be too late to start.
        Assert.True(running || (cut == Cut.Replaced && view.Status == SessionStatus.Failed), $"{view.Status}: {view.LastError}");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(running ? 1 : 0, host.Workers.SelectMany(worker => worker.Running).Count());
        Assert.Equal(running ? 1 : 0, host.LiveIn(world.WorkspaceId));
        await world.StopAsync(id);
        await LeavesNothingAsync(world, host);
    });

    [Theory, CombinatorialCuts]
    public Task A_start_that_is_cut_anywhere_comes_to_an_end_by_itself(Cut cut) => EachStepAsync(cut, async (world, host, run) =>
    {
        var id = SessionId.New();
        await run(() => host.Entities.Session(id).CreateAsync(world.Owner, World.New()));
        await world.PassAsync(TimeSpan.FromMinutes(2));

        // Nobody has asked for it since. It runs, or has failed because it took too long, or was never saved.
        var running = host.Workers.SelectMany(worker => worker.Running).Count();
        Assert.InRange(running, 0, 1);
        Assert.Equal(running, host.LiveIn(world.WorkspaceId));
        var page = await world.UntilAsync(host.Entities.Sessions(world.WorkspaceId).PageAsync(
            new SessionQuery([SessionStatus.Starting, SessionStatus.Running], null, null, 10, null)));
        Assert.Equal(running, page.SessionIds.Count);
        await world.RefusalOfAsync(host.Entities.Session(id).StopAsync(world.Owner));
        await LeavesNothingAsync(world, host);
    });

    [Theory, CombinatorialCuts]
    public Task A_stop_that_is_cut_anywhere_comes_to_an_end_and_leaves_nothing_behind(Cut cut) => EachStepAsync(cut, async (world, host, run) =>
    {
        var id = await world.SessionAsync();
        await run(() => host.Entities.Session(id).StopAsync(world.Owner));
        await world.PassAsync(TimeSpan.FromMinutes(2));

        await world.StopAsync(id);
        await LeavesNothingAsync(world, host);
    });

    [Theory, CombinatorialCuts]
    public Task A_start_and_a_stop_together_leave_nothing_behind(Cut cut) => EachStepAsync(cut, async (world, host, run) =>
    {
        var id = SessionId.New();
        await run(async () =>
        {
            var creating = host.Entities.Session(id).CreateAsync(world.Owner, World.New());
            while (await world.RefusalOfStopAsync(id) == ErrorCode.SessionNotFound && !creating.IsCompleted)
            {
                await Task.Yield();
            }

            await creating;
        });
        await world.PassAsync(TimeSpan.FromMinutes(2));

        Assert.True(await world.RefusalOfAsync(host.Entities.Session(id).StopAsync(world.Owner)) is null or ErrorCode.SessionNotFound);
        await LeavesNothingAsync(world, host);
    });

    [Fact]
    public Task A_session_that_is_stopped_before_the_workers_turn_it_down_keeps_no_place() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options(), capacity: 0);
        var world = await World.InAsync(host);
        var id = SessionId.New();
        var writes = 0;
        host.Storage.Before = step => step is { Action: StorageAction.Write, Entity.Kind: "workspace" } && Interlocked.Increment(ref writes) == 1
            ? throw new IOException() : Task.CompletedTask;
        var creating = host.Entities.Session(id).CreateAsync(world.Owner, World.New());
        await world.PassAsync(TimeSpan.Zero);

        // The place is given back before the second try takes it.
        await world.UntilAsync(host.Entities.Session(id).StopAsync(world.Owner));
        await world.UntilAsync(creating);
        await LeavesNothingAsync(world, host);
    });

    [Fact]
    public Task What_held_a_call_up_before_it_waited_is_no_more_time_for_its_caller() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options());
        var world = await World.InAsync(host);
        var id = SessionId.New();
        host.ToWorkers.IsCut = true;
        host.Storage.Before = step => step is { Action: StorageAction.SetAlarm, Entity.Kind: "session" }
            ? Task.Delay(TimeSpan.FromSeconds(2), world.Time) : Task.CompletedTask;

        var creating = host.Entities.Session(id).CreateAsync(world.Owner, World.New());
        await world.PassAsync(TimeSpan.FromSeconds(3.1));

        Assert.True(creating.IsCompleted);
        Assert.Equal(SessionStatus.Starting, (await creating).Status);
    });

    [Fact]
    public Task Workers_that_are_full_take_no_place_of_the_quota_and_list_nothing() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options(), workers: 2, capacity: 1);
        var world = await World.InAsync(host);
        await world.SessionAsync();
        await world.SessionAsync();
        var id = SessionId.New();

        Assert.Equal(ErrorCode.NoCapacity, await world.RefusalOfAsync(host.Entities.Session(id).CreateAsync(world.Owner, World.New())));
        Assert.Equal(ErrorCode.SessionNotFound, await world.RefusalOfAsync(host.Entities.Session(id).DescribeAsync(world.Owner)));
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, host.LiveIn(world.WorkspaceId));
        Assert.All(host.Workers, worker => Assert.Single(worker.Running));
        var page = await world.UntilAsync(host.Entities.Sessions(world.WorkspaceId).PageAsync(new SessionQuery([], null, null, 10, null)));
        Assert.Equal(2, page.SessionIds.Count);
    });

    [Fact]
    public Task A_worker_that_will_not_start_it_fails_the_session() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options());
        var world = await World.InAsync(host);
        host.Workers[0].Refuses = new Refusal(ErrorCode.RequestInvalid, "There is no such seed.");
        var view = await world.DescribeAsync(await world.SessionAsync());

        Assert.Equal((SessionStatus.Failed, "There is no such seed."), (view.Status, view.LastError));
        await LeavesNothingAsync(world, host);
    });

    internal static async Task EachStepAsync(Cut cut, Func<World, LocalBehaviourHost, Func<Func<Task>, Task>, Task> story)
    {
        var reached = true;
        for (var step = 1; reached; step++)
        {
            Assert.True(step < 100, "The chain has no end.");
            await Task.Run(async () =>
            {
                await using var host = new LocalBehaviourHost(Options(), workers: 2);
                var world = await World.InAsync(host);
                try
                {
                    await story(world, host, async act => reached = await CutAtAsync(world, host, cut, step, act));
                }
                catch (Exception problem)
                {
                    throw new InvalidOperationException($"Cut at step {step}: {cut}.", problem);
                }
            });
        }
    }

    /// <summary>Acts, with the cut at one step of what follows; false when there are not so many steps.</summary>
    private static async Task<bool> CutAtAsync(World world, LocalBehaviourHost host, Cut cut, int step, Func<Task> act)
    {
        var (calls, link, late) = (0, host.Calls, new TaskCompletionSource());
        Task Here() => cut switch
        {
            Cut.Fails or Cut.FailsAfter => throw new IOException("Cut."),
            Cut.Replaced => late.Task,
            _ => Dies(link),
        };
        Task Count(string name) => Interlocked.Increment(ref calls) == step ? Here() : Task.CompletedTask;
        link.Before = cut is Cut.DiesBefore or Cut.Fails or Cut.Replaced ? Count : null;
        link.After = cut is Cut.DiesAfter or Cut.FailsAfter ? Count : null;
        var acting = Task.Run(act);
        _ = acting.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
        await world.PassAsync(TimeSpan.FromMilliseconds(50));
        var reached = Volatile.Read(ref calls) >= step;
        (link.Before, link.After) = (null, null);
        if (reached && cut is (Cut.DiesBefore or Cut.DiesAfter))
        {
            await host.CrashAsync();
        }
        else if (reached && cut == Cut.Replaced)
        {
            await host.ReplaceAsync();
            await world.PassAsync(TimeSpan.FromMinutes(1));
            late.SetResult();
        }

        return reached;
    }

    private static Task Dies(Link link)
    {
        link.IsDead = true;
        return Task.CompletedTask;
    }

    private static async Task LeavesNothingAsync(World world, LocalBehaviourHost host)
    {
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(host.Workers.SelectMany(worker => worker.Running));
        Assert.Equal(0, host.LiveIn(world.WorkspaceId));
        var page = new SessionQuery([SessionStatus.Starting, SessionStatus.Running], null, null, 10, null);
        Assert.Empty((await world.UntilAsync(host.Entities.Sessions(world.WorkspaceId).PageAsync(page))).SessionIds);
    }

    private static EntityOptions Options() => new(new(), new(), new());

    private sealed class CombinatorialCutsAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => Enum.GetValues<Cut>().Select(cut => new object[] { cut });
    }
}

file static class Stopping
{
    public static async Task<ErrorCode?> RefusalOfStopAsync(this World world, string id)
    {
        try
        {
            await world.Host.Entities.Session(id).StopAsync(world.Owner);
            return null;
        }
        catch (ControlPlaneException problem)
        {
            return problem.Code;
        }
    }
}
