using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>Quotas, and keys.</summary>
public abstract class WorkspaceTests : BehaviourTests
{
    /// <summary>Calls are late, and a place that nobody gives back would be lost.</summary>
    [Fact]
    public Task A_reservation_that_comes_after_the_release_takes_no_place() => InWorldAsync(true, async world =>
    {
        await world.UntilAsync(world.Workspace.ReleaseAsync("ses-late"));
        await world.UntilAsync(world.Workspace.ReleaseAsync("ses-late"));

        Assert.Equal(ErrorCode.SessionEnded, (await world.UntilAsync(world.Workspace.ReserveAsync("ses-late")))?.Code);
        Assert.Null(await world.UntilAsync(world.Workspace.ReserveAsync("ses-other")));
        Assert.Equal(1, (await world.UntilAsync(world.Workspace.DescribeAsync()))!.LiveSessions);
    });

    [Fact]
    public Task No_more_sessions_live_than_the_quota_allows_and_a_place_comes_back() => InWorldAsync(Few(live: 3), async world =>
    {
        var sessions = new[] { await world.SessionAsync(), await world.SessionAsync(), await world.SessionAsync() };
        Assert.Equal(ErrorCode.QuotaExceeded, await StartAsync(world));
        await world.StopAsync(sessions[1]);
        Assert.Null(await StartAsync(world));
        Assert.Equal(ErrorCode.QuotaExceeded, await StartAsync(world));
        Assert.Equal(3, world.Host.LiveIn(world.WorkspaceId));
    });

    [Fact]
    public Task No_more_sessions_start_at_once_than_the_quota_allows() => InWorldAsync(Few(live: 10), async world =>
    {
        var outcomes = await world.UntilAsync(Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            try
            {
                return (await world.Host.Entities.Session(SessionId.New()).CreateAsync(world.Owner, World.New())).Status == SessionStatus.Running;
            }
            catch (ControlPlaneException problem) when (problem.Code == ErrorCode.QuotaExceeded)
            {
                return false;
            }
        })));

        Assert.Equal(10, outcomes.Count(running => running));
        Assert.Equal(10, world.Host.LiveIn(world.WorkspaceId));
        Assert.Equal(10, world.Host.Workers.Sum(worker => worker.Running.Count));
    });

    [Fact]
    public Task No_more_sessions_start_in_a_minute_than_the_quota_allows() => InWorldAsync(Few(perMinute: 2), async world =>
    {
        await world.StopAsync(await world.SessionAsync());
        await world.StopAsync(await world.SessionAsync());
        Assert.Equal(ErrorCode.QuotaExceeded, await StartAsync(world));
        await world.PassAsync(WorkspaceState.Window);
        Assert.Null(await StartAsync(world));
    });

    [Fact]
    public Task No_more_keys_than_the_quota_allows() => InWorldAsync(Few(keys: 2), async world =>
    {
        var first = await world.KeyAsync();
        await world.KeyAsync();
        Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(world.KeyAsync()));
        Assert.Equal(2, (await world.UntilAsync(world.Workspace.KeysAsync(world.Owner))).Count);

        await world.RevokeAsync(first);
        Assert.Contains(await world.UntilAsync(world.Workspace.KeysAsync(world.Owner)), key => key.Id == first.Id && key.RevokedAt is not null);
    });

    /// <summary>A machine that makes a key for each of its runs never runs out of them.</summary>
    [Fact]
    public Task Keys_that_have_ended_make_room_for_others() => InWorldAsync(Few(keys: 3), async world =>
    {
        var kept = await world.KeyAsync();
        var session = await world.SessionAsync();
        var gateway = await world.Host.GatewayAsync();
        var ended = new List<TestKey>();
        for (var round = 0; round < 4; round++)
        {
            ended.Add(await world.KeyAsync());
            await world.RevokeAsync(ended[^1]);
            await world.KeyAsync(expires: TimeSpan.FromSeconds(90));
            await world.PassAsync(TimeSpan.FromSeconds(100));
        }

        // What left the list stays what it was.
        foreach (var key in ended)
        {
            Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(key.Token, session));
        }

        Assert.Null(await gateway.TryAsync(kept.Token, session));
        await world.KeyAsync();
        await world.KeyAsync();
        Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(world.KeyAsync()));
    });

    /// <summary>Many machines that each make a key for a run: those that come while the list fills up find as much room as those before.</summary>
    [Fact]
    public Task Keys_that_have_ended_make_room_for_many_that_are_made_at_once() => InWorldAsync(Few(keys: 60), async world =>
    {
        var keys = await world.KeysAsync(59);
        await world.UntilAsync(Task.WhenAll(keys.Take(40).Select(key => world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner))));

        await world.KeysAsync(20);
        await world.KeysAsync(21);
        Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(world.KeyAsync()));
        Assert.Equal(60, (await world.UntilAsync(world.Workspace.KeysAsync(world.Owner))).Count(key => key.RevokedAt is null));
    });

    [Fact]
    public Task A_key_never_administers_keys_nor_does_a_member() => InWorldAsync(true, async world =>
    {
        var key = await world.KeyAsync();
        foreach (var caller in (Authorization.Caller[])
        [
            new(key.Id, CredentialKind.WorkspaceKey, world.WorkspaceId, null, null, ScopeRules.All), world.Owner with { Role = Role.Member },
        ])
        {
            Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(world.Workspace.KeysAsync(caller)));
            Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(world.Workspace.CreateKeyAsync(caller, Token.NewId(), null!)));
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task The_last_use_of_a_key_is_told(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        await world.PassAsync(TimeSpan.FromMinutes(5));
        var used = world.Time.GetUtcNow();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        await world.PassAsync(TimeSpan.FromSeconds(10));

        var view = Assert.Single(await world.UntilAsync(world.Workspace.KeysAsync(world.Owner)));
        Assert.InRange(view.LastUsedAt!.Value, used - TimeSpan.FromSeconds(1), used + TimeSpan.FromSeconds(1));
    });

    [Fact]
    public Task A_session_of_another_workspace_is_not_created_over() => InWorldAsync(true, async world =>
    {
        var session = await world.SessionAsync();
        var stranger = world.Owner with { WorkspaceId = "ws-b" };

        Assert.Equal(ErrorCode.SessionForbidden, await world.RefusalOfAsync(world.Host.Entities.Session(session).CreateAsync(stranger, World.New())));
    });

    private static Task<ErrorCode?> StartAsync(World world) =>
        world.RefusalOfAsync(world.Host.Entities.Session(SessionId.New()).CreateAsync(world.Owner, World.New()));

    private static EntityOptions Few(int live = 100, int perMinute = 600, int keys = 500) =>
        new(new(), new(), new() { MaxLiveSessions = live, SessionsPerMinute = perMinute, MaxKeys = keys });
}
