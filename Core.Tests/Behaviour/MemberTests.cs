using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>DELETE of a member: when it has answered, nothing of the user's is admitted in the workspace, and nothing runs there.</summary>
public abstract class MemberTests : BehaviourTests
{
    private List<TestGateway> Gateways { get; } = [];

    [Theory, InlineData(true, 1), InlineData(true, 3), InlineData(false, 1), InlineData(false, 3)]
    public Task Removed_is_refused_everywhere_and_what_runs_is_cut(bool reuse, int gateways) => InWorldAsync(reuse, async world =>
    {
        var (first, second) = (await world.MemberAsync("bob"), await world.TokenOfAsync("bob"));
        var session = await world.SessionAsync();
        var running = new List<TestRequest>();
        for (var i = 0; i < gateways; i++)
        {
            var gateway = await GatewayAsync(world);
            running.Add(await gateway.AskAsync(first.Token, session));
            running.Add(await gateway.AskAsync(second.Token, session));
            running.Add(await gateway.CallAsync(first.Token));
        }

        Assert.All(running, request => Assert.True(request.MayPass(1)));

        var report = await world.RemoveMemberAsync("bob");

        Assert.Equal((gateways, 0), (report!.Acknowledged, report.Waited));
        Assert.All(running, request =>
        {
            Assert.False(request.MayPass(1));
            Assert.Equal((1, ErrorCode.RoleMissing), (request.Cuts, request.CutBecause?.Code));
        });
        foreach (var gateway in Gateways)
        {
            Assert.Equal(ErrorCode.SessionForbidden, await gateway.TryAsync(first.Token, session));
            Assert.Equal(ErrorCode.SessionForbidden, await gateway.TryAsync(second.Token, session));
            Assert.Equal(ErrorCode.RoleMissing, (await gateway.IdentifyAsync(first.Token)).Refused);
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Nothing_of_other_members_is_touched_and_each_can_be_removed_in_turn(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var other = await World.InAsync(world.Host, "ws-b");
        var (bob, cid, key) = (await world.MemberAsync("bob"), await world.MemberAsync("cid"), await world.KeyAsync());
        await other.SetMemberAsync("bob");
        var (session, elsewhere) = (await world.SessionAsync(), await other.SessionAsync());
        var gateway = await GatewayAsync(world);
        var removed = await gateway.AskAsync(bob.Token, session);
        var kept = new[] { await gateway.AskAsync(cid.Token, session), await gateway.AskAsync(key.Token, session), await gateway.AskAsync(bob.Token, elsewhere) };

        await world.RemoveMemberAsync("bob");

        Assert.Equal(1, removed.Cuts);
        Assert.All(kept, request => Assert.True(request.MayPass(1)));
        Assert.Null(await gateway.TryAsync(bob.Token, elsewhere));

        // Its fact was there before that removal, and nobody has asked for it since: the gateway must be told all the same.
        Assert.Equal(1, (await world.RemoveMemberAsync("cid"))!.Acknowledged);
        Assert.Equal((1, 0), (kept[0].Cuts, kept[1].Cuts));
        Assert.Equal(ErrorCode.SessionForbidden, await gateway.TryAsync(cid.Token, session));
        Assert.Null(await gateway.TryAsync(key.Token, session));
    });

    /// <summary>Two removals in one save: neither acknowledgement stands for the other.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public Task Members_removed_at_once_are_all_told(bool reuse) => InWorldAsync(reuse, async world =>
    {
        string[] users = ["bob", "cid", "dan", "eve"];
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        var running = new List<TestRequest>();
        foreach (var user in users)
        {
            running.Add(await gateway.AskAsync((await world.MemberAsync(user)).Token, session));
        }

        var reports = await world.UntilAsync(Task.WhenAll(users.Select(user => world.Workspace.RemoveMemberAsync(world.Owner, user))));

        Assert.All(reports, report => Assert.Equal(1, report!.Acknowledged));
        Assert.All(running, request => Assert.Equal((1, false), (request.Cuts, request.MayPass(1))));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_cannot_be_reached_is_waited_for_until_its_lease_is_over(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var session = await world.SessionAsync();
        var (near, far) = (await GatewayAsync(world), await GatewayAsync(world));
        var (here, there) = (await near.AskAsync(bob.Token, session), await far.AskAsync(bob.Token, session));
        far.Vanish();

        var began = world.Time.GetTimestamp();
        var report = await world.RemoveMemberAsync("bob");

        Assert.Equal((2, 1), (report!.Acknowledged, report.Waited));
        Assert.InRange(
            world.Time.GetElapsedTime(began), world.Host.Options.Leases.Silence, world.Host.Options.Leases.DurationWithDrift + TimeSpan.FromSeconds(1));
        Assert.False(here.MayPass(1));
        Assert.False(there.MayPass(1));
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await far.TryAsync(bob.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Removing_again_joins_the_wait_and_gets_the_same_report(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var session = await world.SessionAsync();
        var (near, far) = (await GatewayAsync(world), await GatewayAsync(world));
        await near.AskAsync(bob.Token, session);
        await far.AskAsync(bob.Token, session);
        far.Vanish();

        var first = world.Workspace.RemoveMemberAsync(world.Owner, "bob");
        await world.PassAsync(TimeSpan.FromSeconds(2));
        var second = world.Workspace.RemoveMemberAsync(world.Owner, "bob");
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);

        Assert.Equal(await world.UntilAsync(first), await world.UntilAsync(second));
        Assert.Equal((2, 1), ((await first)!.Acknowledged, (await first)!.Waited));
        Assert.Equal(await first, await world.RemoveMemberAsync("bob"));
        Assert.Null(await world.RemoveMemberAsync("nobody"));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task An_owner_that_dies_between_saving_and_telling_is_followed_by_one_that_tells(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var request = await BeginRemovalAndCrashAsync(world, bob);
        Assert.Equal(0, request.Cuts);

        await world.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ErrorCode.RoleMissing, request.CutBecause?.Code);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task After_a_crash_a_repeated_removal_waits_for_those_whom_the_first_had_to_tell(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var request = await BeginRemovalAndCrashAsync(world, bob);

        var report = await world.RemoveMemberAsync("bob");

        Assert.Equal(1, report!.Acknowledged);
        Assert.False(request.MayPass(1));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Who_is_a_member_again_is_let_in_again(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        Assert.Null(await gateway.TryAsync(bob.Token, session));
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(1, (await world.RemoveMemberAsync("bob"))!.Acknowledged);
            Assert.Equal(ErrorCode.SessionForbidden, await gateway.TryAsync(bob.Token, session));

            // The addition from before the removal, late or once more, brings nobody back.
            Assert.Null(await world.UntilAsync(world.Workspace.SetMemberAsync(world.Owner, "bob", Role.Member, addAfter: 0)));
            await world.SetMemberAsync("bob");
            Assert.Null(await gateway.TryAsync(bob.Token, session));
        }
    });

    /// <summary>Contract 1.1: a key outlives the membership of whoever made it.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public Task A_key_outlives_the_membership_of_whoever_made_it(bool reuse) => InWorldAsync(reuse, async world =>
    {
        await world.MemberAsync("bob", Role.Admin);
        var bob = world.Owner with { UserId = "bob", Role = Role.Admin };
        var (id, session) = (Credentials.Token.NewId(), await world.SessionAsync());
        var token = Credentials.Token.Create(Credentials.CredentialKind.WorkspaceKey, id);
        await world.UntilAsync(world.Workspace.CreateKeyAsync(bob, id, new Credentials.NewCredential(
            Credentials.CredentialKind.WorkspaceKey, world.WorkspaceId, null, "bob's", Credentials.ScopeRules.All,
            Credentials.TokenDigest.Of(token), world.Time.GetUtcNow(), bob.Name, null)));
        var gateway = await GatewayAsync(world);
        var request = await gateway.AskAsync(token, session);

        await world.RemoveMemberAsync("bob");

        Assert.True(request.MayPass(1));
        Assert.Null(await gateway.TryAsync(token, session));
    });

    private async Task<TestRequest> BeginRemovalAndCrashAsync(World world, TestKey bob)
    {
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        var request = await gateway.AskAsync(bob.Token, session);
        gateway.IsSilent = true;
        var removing = world.Workspace.RemoveMemberAsync(world.Owner, "bob");
        await world.PassAsync(TimeSpan.Zero);

        await world.Host.CrashAsync();
        gateway.IsSilent = false;
        await Assert.ThrowsAsync<IOException>(() => removing);
        return request;
    }

    private async Task<TestGateway> GatewayAsync(World world)
    {
        Gateways.Add(await world.Host.GatewayAsync());
        return Gateways[^1];
    }
}
