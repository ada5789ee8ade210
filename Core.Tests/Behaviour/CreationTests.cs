using System.Text;
using ControlPlane.Creations;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>One session for each Idempotency-Key, wherever the call is cut.</summary>
public abstract class CreationTests : BehaviourTests
{
    private const string Fingerprint = "00";

    /// <summary>The calls of the chain, in order.</summary>
    private static readonly string[] Calls = [nameof(ICreation.BeginAsync), nameof(ISession.CreateAsync), nameof(ICreation.SettleAsync)];

    [Fact]
    public Task The_same_key_gets_the_same_answer_and_makes_one_session() => InWorldAsync(true, async world =>
    {
        var first = await CreateAsync(world, "k");
        await world.StopAsync(first);

        Assert.Equal(first, await CreateAsync(world, "k"));
        Assert.Empty(world.Host.Workers.SelectMany(worker => worker.Running));
        Assert.NotEqual(first, await CreateAsync(world, "another"));
        Assert.Equal(ErrorCode.IdempotencyKeyReused, await world.RefusalOfAsync(RunAsync(world, world.Host.Entities, "k", "01")));
    });

    [Fact]
    public Task Calls_at_once_make_one_session() => InWorldAsync(true, async world =>
    {
        var answers = await world.UntilAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RunAsync(world, world.Host.Entities, "k"))));

        await IsTheOneAsync(world, Assert.Single(answers.Distinct()));
    });

    [Fact]
    public Task A_caller_who_dies_at_any_call_and_repeats_has_one_session() => InWorldAsync(true, async world =>
    {
        foreach (var call in Calls)
        {
            foreach (var before in (bool[])[true, false])
            {
                var key = $"{call} {before}";
                await Assert.ThrowsAsync<IOException>(() => world.UntilAsync(RunAsync(world, Cut(world, call, before, () => throw new IOException("Dead.")), key)));
                var session = await CreateAsync(world, key);
                await IsTheOneAsync(world, session);
                Assert.Equal(session, await CreateAsync(world, key));
                await world.StopAsync(session);
            }
        }
    });

    [Fact]
    public Task A_control_plane_that_dies_at_any_call_makes_one_session() => InWorldAsync(true, async world =>
    {
        foreach (var call in Calls)
        {
            await DiesAsync(world, call);
            var session = await CreateAsync(world, call);
            await IsTheOneAsync(world, session);
            await world.StopAsync(session);
        }
    });

    [Fact]
    public Task What_the_quota_turns_down_leaves_the_key_free() => InWorldAsync(new EntityOptions(new(), new(), new() { MaxLiveSessions = 1 }), async world =>
    {
        var other = await world.SessionAsync();
        Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(RunAsync(world, world.Host.Entities, "k")));
        await world.StopAsync(other);

        await IsTheOneAsync(world, await world.UntilAsync(RunAsync(world, world.Host.Entities, "k", "another request")));
    });

    /// <summary>A caller that stood still while its session was turned down for another, was freed, and would be let in by now.</summary>
    [Fact]
    public Task A_call_that_comes_long_after_its_session_was_turned_down_leaves_no_second_one() => InWorldAsync(
        new EntityOptions(new(), new(), new() { MaxLiveSessions = 2 }), async world =>
    {
        var others = (string[])[await world.SessionAsync(), await world.SessionAsync()];
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = RunAsync(world, Cut(world, nameof(ISession.CreateAsync), before: true, () =>
        {
            reached.TrySetResult();
            return goOn.Task;
        }), "k");
        await world.UntilAsync(reached.Task);
        Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(RunAsync(world, world.Host.Entities, "k")));
        await world.StopAsync(others[0]);
        await world.StopAsync(others[1]);
        var session = await CreateAsync(world, "k");
        await world.PassAsync(TimeSpan.FromMinutes(2));

        goOn.SetResult();

        Assert.Equal(session, await world.UntilAsync(late));
        await IsTheOneAsync(world, session);
    });

    [Fact]
    public Task A_key_stands_for_its_session_for_24_hours() => InWorldAsync(true, async world =>
    {
        var first = await CreateAsync(world, "k");
        world.Time.Freeze(CreationEntity.Keep - TimeSpan.FromMinutes(1));
        await world.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(first, await CreateAsync(world, "k"));

        world.Time.Freeze(TimeSpan.FromMinutes(1));
        await world.PassAsync(TimeSpan.FromSeconds(10));
        Assert.NotEqual(first, await world.UntilAsync(RunAsync(world, world.Host.Entities, "k", "another request")));
    });

    private static Task<string> CreateAsync(World world, string key) => world.UntilAsync(RunAsync(world, world.Host.Entities, key));

    private static async Task<string> RunAsync(World world, IEntities entities, string key, string fingerprint = Fingerprint) =>
        Encoding.UTF8.GetString(await KeyedCreation.RunAsync(
            entities, world.Owner, CreationKey.Of(world.WorkspaceId, key), fingerprint, World.New(), view => Encoding.UTF8.GetBytes(view.Id), default));

    /// <summary>It dies while the call is answered, and the caller's connection with it.</summary>
    private static async Task DiesAsync(World world, string call)
    {
        var (reached, dead) = (new TaskCompletionSource(), new TaskCompletionSource());
        var running = RunAsync(world, Cut(world, call, before: false, async () =>
        {
            reached.TrySetResult();
            await dead.Task;
            throw new IOException("The connection broke.");
        }), call);
        await world.UntilAsync(reached.Task);
        await world.Host.CrashAsync();
        dead.SetResult();
        await Assert.ThrowsAsync<IOException>(() => world.UntilAsync(running));
    }

    private static IEntities Cut(World world, string call, bool before, Func<Task> here)
    {
        Task At(string name) => name == call ? here() : Task.CompletedTask;
        return Wire.To<IEntities>(before ? new Link { Before = At } : new Link { After = At }, () => world.Host.Entities);
    }

    private static async Task IsTheOneAsync(World world, string session)
    {
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(session, Assert.Single(world.Host.Workers.SelectMany(worker => worker.Running)));
        Assert.Equal(1, world.Host.LiveIn(world.WorkspaceId));
        var page = await world.UntilAsync(world.Host.Entities.Sessions(world.WorkspaceId).PageAsync(
            new SessionQuery([SessionStatus.Starting, SessionStatus.Running], null, null, 10, null)));
        Assert.Equal([session], page.SessionIds);
    }
}
