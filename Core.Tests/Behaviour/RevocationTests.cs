using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Behaviour;

/// <summary>DELETE of a key: when it has answered, no gateway admits the key and nothing runs on it.</summary>
public abstract class RevocationTests : BehaviourTests
{
    [Theory]
    [InlineData(true, 1), InlineData(true, 2), InlineData(true, 3)]
    [InlineData(false, 1), InlineData(false, 2), InlineData(false, 3)]
    public Task Revoked_is_refused_everywhere_and_what_runs_is_cut(bool reuse, int gateways) => InWorldAsync(reuse, async world =>
    {
        var (key, other) = (await world.KeyAsync(), await world.KeyAsync());
        var session = await world.SessionAsync();
        var running = new List<TestRequest>();
        for (var i = 0; i < gateways; i++)
        {
            running.Add(await (await GatewayAsync(world)).AskAsync(key.Token, session));
        }

        var bystander = await Gateways[0].AskAsync(other.Token, session);
        Assert.All(running, request => Assert.True(request.MayPass(1)));

        var report = await world.RevokeAsync(key);

        Assert.Equal((gateways, 0), (report!.Acknowledged, report.Waited));
        Assert.All(running, request =>
        {
            Assert.False(request.MayPass(1));
            Assert.Equal((1, ErrorCode.CredentialInvalid), (request.Cuts, request.CutBecause?.Code));
        });
        foreach (var gateway in Gateways)
        {
            Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(key.Token, session));
        }

        Assert.True(bystander.MayPass(1));
        Assert.Null(await Gateways[^1].TryAsync(other.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_cannot_be_reached_is_waited_for_until_its_lease_is_over(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        var (near, far) = (await GatewayAsync(world), await GatewayAsync(world));
        var (here, there) = (await near.AskAsync(key.Token, session), await far.AskAsync(key.Token, session));
        far.Vanish();

        var began = world.Time.GetTimestamp();
        var report = await world.RevokeAsync(key);
        var took = world.Time.GetElapsedTime(began);

        Assert.Equal((2, 1), (report!.Acknowledged, report.Waited));
        Assert.InRange(took, world.Host.Options.Leases.Silence, world.Host.Options.Leases.DurationWithDrift + TimeSpan.FromSeconds(1));
        Assert.False(here.MayPass(1));
        Assert.False(there.MayPass(1));
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await far.TryAsync(key.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_is_silent_hears_of_it_with_its_renewal(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        var request = await gateway.AskAsync(key.Token, session);
        gateway.IsSilent = true;

        var began = world.Time.GetTimestamp();
        var report = await world.RevokeAsync(key);

        Assert.Equal((1, 1), (report!.Acknowledged, report.Waited));
        Assert.True(world.Time.GetElapsedTime(began) <= world.Host.Options.Leases.Third, "the next renewal is a third of a lease away at most");
        Assert.Equal(ErrorCode.CredentialInvalid, request.CutBecause?.Code);
        Assert.True(gateway.Gateway.IsReady);
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(key.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Revoking_again_joins_the_wait_and_gets_the_same_report(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        for (var i = 0; i < 3; i++)
        {
            await (await GatewayAsync(world)).AskAsync(key.Token, session);
        }

        Gateways[2].Vanish();
        var first = world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.FromSeconds(2));
        var second = world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);

        Assert.Equal(await world.UntilAsync(first), await world.UntilAsync(second));
        Assert.Equal((3, 1), ((await first)!.Acknowledged, (await first)!.Waited));
        Assert.Equal(await first, await world.RevokeAsync(key));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task An_owner_that_dies_between_saving_and_telling_is_followed_by_one_that_tells(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        var request = await gateway.AskAsync(key.Token, session);
        gateway.IsSilent = true;
        var revoking = world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.Zero);

        await world.Host.CrashAsync();
        gateway.IsSilent = false;
        await Assert.ThrowsAsync<IOException>(() => revoking);
        Assert.Equal(0, request.Cuts);
        await world.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ErrorCode.CredentialInvalid, request.CutBecause?.Code);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task After_a_crash_a_repeated_revocation_waits_for_those_whom_the_first_had_to_tell(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        var request = await gateway.AskAsync(key.Token, session);
        gateway.IsSilent = true;
        var revoking = world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.Zero);
        await world.Host.CrashAsync();
        await Assert.ThrowsAsync<IOException>(() => revoking);

        var report = await world.RevokeAsync(key);

        Assert.Equal(1, report!.Acknowledged);
        Assert.False(request.MayPass(1));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_gives_its_lease_back_is_not_waited_for(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        await gateway.AskAsync(key.Token, session);
        gateway.IsSilent = true;
        var revoking = world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(revoking.IsCompleted);

        var began = world.Time.GetTimestamp();
        await world.UntilAsync(gateway.DisposeAsync().AsTask());
        await world.UntilAsync(revoking);

        Assert.True(world.Time.GetElapsedTime(began) < TimeSpan.FromSeconds(1));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_key_can_be_revoked_only_by_an_administrator_of_its_workspace(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var session = await world.SessionAsync();
        var gateway = await GatewayAsync(world);
        var credential = world.Host.Entities.Credential(key.Id);
        var itself = new Caller(key.Id, CredentialKind.WorkspaceKey, world.WorkspaceId, null, null, ScopeRules.All);

        Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(credential.RevokeAsync(itself)));
        Assert.Null(await world.UntilAsync(credential.RevokeAsync(world.Owner with { WorkspaceId = "ws-b" })));
        Assert.Null(await world.UntilAsync(world.Host.Entities.Credential("000000000000").RevokeAsync(world.Owner)));
        Assert.Null(await gateway.TryAsync(key.Token, session));
    });

    private List<TestGateway> Gateways { get; } = [];

    private async Task<TestGateway> GatewayAsync(World world)
    {
        Gateways.Add(await world.Host.GatewayAsync());
        return Gateways[^1];
    }
}
