using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Behaviour;

/// <summary>Another secret for a key: it works at once, and the one before until its grace ends and not a moment longer.</summary>
public abstract class RotationTests : BehaviourTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Theory, InlineData(true), InlineData(false)]
    public Task The_new_secret_works_at_once_and_the_old_one_until_its_grace_ends(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (old, session) = (await world.KeyAsync(), await LongSessionAsync(world));
        var (one, two) = (await world.Host.GatewayAsync(), await world.Host.GatewayAsync());
        Assert.Null(await one.TryAsync(old.Token, session));
        Assert.Null(await two.TryAsync(old.Token, session));
        var end = world.Time.GetUtcNow() + Hour;

        var (next, report) = await world.RotateAsync(old, Hour);

        Assert.Equal((2, 0), (report.Acknowledged, report.Waited));
        var running = new List<TestRequest>();
        foreach (var gateway in (TestGateway[])[one, two])
        {
            Assert.Null(await gateway.TryAsync(next.Token, session));
            running.Add(await gateway.AskAsync(old.Token, session));
        }

        var lasting = await one.AskAsync(next.Token, session);
        await world.PassAsync(end - world.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.All(running, request => Assert.True(request.MayPass(1)));
        Assert.Null(await one.TryAsync(old.Token, session));
        Assert.Null(await two.TryAsync(old.Token, session));
        await world.PassAsync(end - world.Time.GetUtcNow());

        Assert.All(running, request => Assert.Equal((false, ErrorCode.CredentialExpired), (request.MayPass(1), request.CutBecause?.Code)));
        foreach (var gateway in (TestGateway[])[one, two])
        {
            Assert.Equal(ErrorCode.CredentialExpired, await gateway.TryAsync(old.Token, session));
            Assert.Null(await gateway.TryAsync(next.Token, session));
        }

        Assert.True(lasting.MayPass(1));
    });

    /// <summary>Also for a gateway that has not looked at the old secret since, and for what began a moment before the end.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public Task The_end_is_exact(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (old, session) = (await world.KeyAsync(), await LongSessionAsync(world));
        var gateway = await world.Host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(old.Token, session));
        var end = world.Time.GetUtcNow() + TimeSpan.FromSeconds(30);
        await world.RotateAsync(old, TimeSpan.FromSeconds(30));

        await world.PassAsync(end - world.Time.GetUtcNow() - Moment);
        var last = await gateway.AskNowAsync(old.Token, session);
        Assert.Null(last.Refused);
        await world.PassAsync(end - world.Time.GetUtcNow());

        Assert.False(last.MayPass(1));
        Assert.Equal(ErrorCode.CredentialExpired, await gateway.TryAsync(old.Token, session));
    });

    [Theory, InlineData(true, 0), InlineData(false, 0), InlineData(true, 3600), InlineData(false, 3600)]
    public Task What_runs_on_the_old_secret_is_cut(bool reuse, int grace) => InWorldAsync(reuse, async world =>
    {
        var (old, other, session) = (await world.KeyAsync(), await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var (running, bystander) = (await gateway.AskAsync(old.Token, session), await gateway.AskAsync(other.Token, session));

        var (next, report) = await world.RotateAsync(old, TimeSpan.FromSeconds(grace));

        Assert.Equal(1, report.Acknowledged);
        Assert.Equal((1, false, true), (running.Cuts, running.MayPass(1), bystander.MayPass(1)));
        Assert.Equal(grace == 0 ? ErrorCode.CredentialInvalid : ErrorCode.ControlPlaneUnavailable, running.CutBecause?.Code);
        Assert.Equal(grace == 0 ? ErrorCode.CredentialInvalid : null, await gateway.TryAsync(old.Token, session));
        Assert.Null(await gateway.TryAsync(next.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_second_rotation_ends_the_first_secret_at_once(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (first, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var (second, _) = await world.RotateAsync(first, Hour);
        var running = new[] { await gateway.AskAsync(first.Token, session), await gateway.AskAsync(second.Token, session) };

        var (third, _) = await world.RotateAsync(second, Hour);

        Assert.All(running, request => Assert.Equal((1, false), (request.Cuts, request.MayPass(1))));
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(first.Token, session));
        Assert.Null(await gateway.TryAsync(second.Token, session));
        Assert.Null(await gateway.TryAsync(third.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_revocation_ends_both(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (old, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var (next, _) = await world.RotateAsync(old, Hour);
        var running = new[] { await gateway.AskAsync(old.Token, session), await gateway.AskAsync(next.Token, session) };

        Assert.Equal(1, (await world.RevokeAsync(next))!.Acknowledged);

        Assert.All(running, request => Assert.Equal((1, ErrorCode.CredentialInvalid), (request.Cuts, request.CutBecause?.Code)));
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(old.Token, session));
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(next.Token, session));
        Assert.Null(await RotateOnceMoreAsync(world, old));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_cannot_be_reached_is_waited_for_until_its_lease_is_over(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (old, session) = (await world.KeyAsync(), await world.SessionAsync());
        var far = await world.Host.GatewayAsync();
        var running = await far.AskAsync(old.Token, session);
        far.Vanish();

        var began = world.Time.GetTimestamp();
        var (_, report) = await world.RotateAsync(old, TimeSpan.Zero);

        Assert.Equal((1, 1), (report.Acknowledged, report.Waited));
        Assert.InRange(
            world.Time.GetElapsedTime(began), world.Host.Options.Leases.Silence, world.Host.Options.Leases.DurationWithDrift + TimeSpan.FromSeconds(1));
        Assert.False(running.MayPass(1));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task An_owner_that_dies_between_saving_and_telling_is_followed_by_one_that_tells(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (old, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var running = await gateway.AskAsync(old.Token, session);
        gateway.IsSilent = true;
        var secret = TokenDigest.Of(Token.Create(CredentialKind.WorkspaceKey, old.Id));
        var rotating = world.Host.Entities.Credential(old.Id).RotateAsync(world.Owner, secret, TimeSpan.Zero);
        await world.PassAsync(TimeSpan.Zero);
        await world.Host.CrashAsync();
        gateway.IsSilent = false;
        await Assert.ThrowsAsync<IOException>(() => rotating);

        await world.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ErrorCode.CredentialInvalid, running.CutBecause?.Code);
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(old.Token, session));
    });

    /// <summary>A command that is repeated, also much later, brings no secret back and moves no end.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public Task A_rotation_is_harmless_when_it_is_repeated(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (first, session) = (await world.KeyAsync(), await LongSessionAsync(world));
        var gateway = await world.Host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(first.Token, session));
        var credential = world.Host.Entities.Credential(first.Id);
        var (second, report) = await world.RotateAsync(first, Hour);
        var repeat = () => world.UntilAsync(credential.RotateAsync(world.Owner, TokenDigest.Of(second.Token), Hour));
        await world.PassAsync(Hour / 2);

        Assert.Equal(report, (await repeat())!.Report);
        await world.PassAsync(Hour / 2);
        Assert.Equal(ErrorCode.CredentialExpired, await gateway.TryAsync(first.Token, session));

        var (third, _) = await world.RotateAsync(second, TimeSpan.Zero);
        await repeat();
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(second.Token, session));
        Assert.Null(await gateway.TryAsync(third.Token, session));
    });

    /// <summary>A gateway that asks about a secret before it is one is told so, and not later on.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public Task A_secret_that_was_refused_before_it_was_one_works_when_it_is(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var token = Token.Create(CredentialKind.WorkspaceKey, key.Id);
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(token, session));

        await world.UntilAsync(world.Host.Entities.Credential(key.Id).RotateAsync(world.Owner, TokenDigest.Of(token), Hour));

        Assert.Null(await gateway.TryAsync(token, session));
    });

    [Fact]
    public Task A_key_s_own_expiry_stays_and_ends_the_grace_too() => InWorldAsync(true, async world =>
    {
        var (old, session) = (await world.KeyAsync(expires: TimeSpan.FromMinutes(5)), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var (next, _) = await world.RotateAsync(old, Hour);
        await world.PassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(ErrorCode.CredentialExpired, await gateway.TryAsync(old.Token, session));
        Assert.Equal(ErrorCode.CredentialExpired, await gateway.TryAsync(next.Token, session));
        Assert.Null(await RotateOnceMoreAsync(world, next));
    });

    [Fact]
    public Task Only_an_administrator_of_its_workspace_rotates_a_key() => InWorldAsync(true, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var user = await world.TokenOfAsync(world.Owner.UserId!);
        var credential = world.Host.Entities.Credential(key.Id);
        var secret = TokenDigest.Of("whatever");
        var itself = new Caller(key.Id, CredentialKind.WorkspaceKey, world.WorkspaceId, null, null, ScopeRules.All);

        Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(credential.RotateAsync(itself, secret, Hour)));
        Assert.Null(await world.UntilAsync(credential.RotateAsync(world.Owner with { WorkspaceId = "ws-b" }, secret, Hour)));
        Assert.Null(await RotateOnceMoreAsync(world, user));
        Assert.Null(await (await world.Host.GatewayAsync()).TryAsync(key.Token, session));
    });

    private static Task<KeyRotation?> RotateOnceMoreAsync(World world, TestKey key) => world.UntilAsync(
        world.Host.Entities.Credential(key.Id).RotateAsync(world.Owner, TokenDigest.Of(Token.Create(CredentialKind.WorkspaceKey, key.Id)), Hour));

    /// <summary>One that is not idle before an hour is over.</summary>
    private static async Task<string> LongSessionAsync(World world)
    {
        var session = await world.SessionAsync();
        await world.UntilAsync(world.Host.Entities.Session(session).RenewAsync(world.Owner, TimeSpan.FromHours(12)));
        return session;
    }
}
