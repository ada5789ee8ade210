using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>Roles: who may change whose, and what becomes of what a gateway holds.</summary>
public abstract class RoleTests : BehaviourTests
{
    [Theory, InlineData(true), InlineData(false)]
    public Task A_role_that_is_lowered_is_lowered_everywhere_when_it_is_answered(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob", Role.Admin);
        var session = await world.SessionAsync();
        var (one, two) = (await world.Host.GatewayAsync(), await world.Host.GatewayAsync());
        var running = new[] { await one.CallAsync(bob.Token), await two.CallAsync(bob.Token), await one.AskAsync(bob.Token, session) };

        var report = await world.SetMemberAsync("bob", Role.Member);

        Assert.Equal((2, 0), (report!.Acknowledged, report.Waited));
        Assert.All(running, request => Assert.Equal((1, ErrorCode.RoleMissing), (request.Cuts, request.CutBecause?.Code)));
        foreach (var gateway in (TestGateway[])[one, two])
        {
            Assert.Equal(Role.Member, await SeenAsync(gateway, bob));
            Assert.Null(await gateway.TryAsync(bob.Token, session));
        }

        Assert.Equal(report, await world.SetMemberAsync("bob", Role.Member));
    });

    /// <summary>A fact in hand may only say yes: whoever it says is too low is asked for anew.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public Task A_role_that_is_raised_is_raised_everywhere_and_nothing_is_cut(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var session = await world.SessionAsync();
        var gateway = await world.Host.GatewayAsync();
        var running = await gateway.AskAsync(bob.Token, session);
        Assert.Equal(Role.Member, await SeenAsync(gateway, bob, Role.Admin));

        await world.SetMemberAsync("bob", Role.Admin);

        Assert.Equal(Role.Admin, await SeenAsync(gateway, bob, Role.Admin));
        Assert.True(running.MayPass(1));
        Assert.Equal(Role.Admin, await SeenAsync(gateway, bob));
        await world.SetMemberAsync("bob", Role.Owner);
        Assert.Equal(Role.Owner, await SeenAsync(gateway, bob, Role.Owner));
    });

    [Fact]
    public Task A_role_that_is_raised_is_not_waited_for() => InWorldAsync(true, async world =>
    {
        var bob = await world.MemberAsync("bob");
        var gateway = await world.Host.GatewayAsync();
        await SeenAsync(gateway, bob);
        gateway.Vanish();

        var began = world.Time.GetTimestamp();
        Assert.Equal(0, (await world.SetMemberAsync("bob", Role.Admin))!.Acknowledged);
        Assert.True(world.Time.GetElapsedTime(began) < world.Host.Options.Leases.Silence);
    });

    [Fact]
    public Task Nobody_changes_whoever_is_above_himself_or_makes_one() => InWorldAsync(true, async world =>
    {
        await world.SetMemberAsync("bob", Role.Admin);
        await world.SetMemberAsync("cid");
        await world.SetMemberAsync("dan", Role.Owner);
        var admin = world.Owner with { UserId = "bob", Role = Role.Admin };
        var (member, stale) = (world.Owner with { UserId = "cid", Role = Role.Member }, world.Owner with { UserId = "cid" });
        var key = new Authorization.Caller("k", CredentialKind.WorkspaceKey, world.WorkspaceId, null, null, ScopeRules.All);

        Assert.Equal(ErrorCode.RoleMissing, await SetAsync(admin, "dan", Role.Admin));
        Assert.Equal(ErrorCode.RoleMissing, await SetAsync(admin, "cid", Role.Owner));
        Assert.Equal(ErrorCode.RoleMissing, await SetAsync(admin, "eve", Role.Owner));
        Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(world.Workspace.RemoveMemberAsync(admin, "dan")));
        Assert.Null(await SetAsync(admin, "eve", Role.Admin));
        Assert.Null(await SetAsync(admin, "eve", Role.Member));

        // What is stored of the caller counts, not what let its request in a moment ago.
        foreach (var caller in (Authorization.Caller[])[member, stale, key])
        {
            Assert.Equal(ErrorCode.RoleMissing, await SetAsync(caller, "eve", Role.Member));
            Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(world.Workspace.RemoveMemberAsync(caller, "eve")));
        }

        Assert.Equal(Role.Owner, (await world.UntilAsync(world.Workspace.DescribeAsync()))!.Members["dan"]);

        Task<ErrorCode?> SetAsync(Authorization.Caller caller, string user, Role role) =>
            world.RefusalOfAsync(world.Workspace.SetMemberAsync(caller, user, role, addAfter: 0));
    });

    [Fact]
    public Task The_last_owner_stays() => InWorldAsync(true, async world =>
    {
        var owner = world.Owner.UserId!;
        Assert.Equal(ErrorCode.LastOwner, await world.RefusalOfAsync(world.Workspace.RemoveMemberAsync(world.Owner, owner)));
        Assert.Equal(ErrorCode.LastOwner, await world.RefusalOfAsync(world.Workspace.SetMemberAsync(world.Owner, owner, Role.Admin, addAfter: null)));
        await world.SetMemberAsync("bob", Role.Owner);

        // Each of two owners removes the other at once: one of them is left.
        var bob = world.Owner with { UserId = "bob" };
        var both = await Task.WhenAll(
            world.RefusalOfAsync(world.Workspace.RemoveMemberAsync(world.Owner, "bob")), world.RefusalOfAsync(world.Workspace.RemoveMemberAsync(bob, owner)));

        Assert.Single(both, refusal => refusal is null);
        Assert.Single((await world.UntilAsync(world.Workspace.DescribeAsync()))!.Members.Values, Role.Owner);
    });

    [Fact]
    public Task No_more_members_than_the_quota_allows_and_nobody_is_added_who_was_to_be_changed() => InWorldAsync(
        new Hosting.EntityOptions(new(), new(), new() { MaxMembers = 2 }), async world =>
    {
        Assert.Null(await world.UntilAsync(world.Workspace.SetMemberAsync(world.Owner, "bob", Role.Member, addAfter: null)));
        await world.SetMemberAsync("bob");
        Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(world.SetMemberAsync("cid")));
        await world.RemoveMemberAsync("bob");
        Assert.Null(await world.RefusalOfAsync(world.SetMemberAsync("cid")));
    });

    private static async Task<Role?> SeenAsync(TestGateway gateway, TestKey token, Role? needed = null) =>
        (await gateway.IdentifyAsync(token.Token, needed: needed)).Identity.Caller?.Role;
}
