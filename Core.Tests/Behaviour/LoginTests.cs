using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Logins;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>Device logins: one approval, one token, and an end to everything.</summary>
public abstract class LoginTests : BehaviourTests
{
    [Fact]
    public Task A_device_that_was_let_in_gets_its_token_once() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        Assert.Equal(LoginStanding.Pending, await login.PollAsync());
        Assert.Equal("a laptop", (await login.DescribeAsync())!.ClientName);

        Assert.True(await login.DecideAsync(world.Owner, approve: true));
        Assert.Null(await login.DescribeAsync());
        var token = await login.TokenAsync();
        Assert.Equal(token, await login.TokenAsync());
        var answer = await login.AskAsync();

        Assert.Equal((LoginStanding.Granted, world.WorkspaceId), (answer.Standing, answer.WorkspaceId));
        var credential = await login.CredentialAsync(token);
        Assert.Equal(
            (CredentialKind.Login, "a laptop", ScopeRules.All, answer.ExpiresAt), (credential!.Kind, credential.Label, credential.Scopes, credential.ExpiresAt));
        Assert.Equal(LoginStanding.Spent, await login.PollAsync());
        Assert.Equal(new LoginAnswer(LoginStanding.Spent), await world.UntilAsync(login.Entity.ClaimAsync(login.Device.Digest, token)));
    });

    [Fact]
    public Task Of_many_that_ask_at_once_one_gets_the_token() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        await login.DecideAsync(world.Owner, approve: true);

        var answers = await world.UntilAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => login.AskAtOnceAsync())));

        Assert.Single(answers, answer => answer.Standing == LoginStanding.Granted);
        Assert.Equal(19, answers.Count(answer => answer.Standing == LoginStanding.Spent));
    });

    [Fact]
    public Task Of_two_decisions_at_once_one_stands_and_may_be_repeated() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        var other = new Caller("oth", CredentialKind.Personal, world.WorkspaceId, "other", Role.Member, ScopeRules.All);

        var both = await world.UntilAsync(Task.WhenAll(
            login.Entity.DecideAsync(world.Owner, approve: true), login.Entity.DecideAsync(other, approve: false)));

        Assert.Single(both, stands => stands);
        Assert.Equal(both[0] ? LoginStanding.Granted : LoginStanding.Denied, await login.PollAsync());
        Assert.Equal(both[0], await login.DecideAsync(world.Owner, approve: true));
        Assert.Equal(both[1], await login.DecideAsync(other, approve: false));
    });

    [Fact]
    public Task A_refused_device_gets_nothing() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        Assert.True(await login.DecideAsync(world.Owner, approve: false));

        Assert.Equal(LoginStanding.Denied, await login.PollAsync());
        Assert.False(await login.DecideAsync(world.Owner, approve: true));
        Assert.Equal(LoginStanding.Denied, await login.PollAsync());
        Assert.Null((await login.AskAsync()).Salt);
    });

    [Fact]
    public Task Both_codes_live_ten_minutes_and_the_record_goes_by_itself() => InWorldAsync(reuse: true, async world =>
    {
        var (pending, approved) = (await TestLogin.BeginAsync(world), await TestLogin.BeginAsync(world));
        await approved.DecideAsync(world.Owner, approve: true);
        var token = await approved.TokenAsync();
        await world.PassAsync(LoginState.Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(LoginStanding.Expired, await pending.PollAsync());
        Assert.False(await pending.DecideAsync(world.Owner, approve: true));
        Assert.Equal(LoginStanding.Expired, await approved.PollAsync());
        Assert.Equal(LoginStanding.Expired, (await world.UntilAsync(approved.Entity.ClaimAsync(approved.Device.Digest, token))).Standing);
        Assert.Null(await approved.CredentialAsync(token));

        await world.PassAsync(LoginState.KeptAfter + TimeSpan.FromSeconds(2));
        Assert.Equal(LoginStanding.Unknown, await pending.PollAsync());
    });

    [Fact]
    public Task A_user_code_dies_of_five_wrong_tries() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        for (var tries = 1; tries <= LoginState.MostWrongTries; tries++)
        {
            Assert.NotNull(await login.DescribeAsync());
            await world.UntilAsync(login.Entity.CountWrongAsync());
        }

        Assert.Null(await login.DescribeAsync());
        Assert.False(await login.DecideAsync(world.Owner, approve: true));
        Assert.Equal(LoginStanding.Expired, await login.PollAsync());
    });

    [Fact]
    public Task Another_device_code_for_the_same_user_code_is_unknown_and_harms_nothing() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        var stranger = new TestLogin(world, DeviceCode.Create(login.Device.Letters));
        await login.DecideAsync(world.Owner, approve: true);

        Assert.Equal(new LoginAnswer(LoginStanding.Unknown), await stranger.AskAsync());
        var guessed = LoginToken.Of(stranger.Device.Token(DeviceCode.NewSalt()));
        Assert.Equal(LoginStanding.Unknown, (await world.UntilAsync(stranger.Entity.ClaimAsync(stranger.Device.Digest, guessed))).Standing);
        Assert.Null(await stranger.CredentialAsync(guessed));
        Assert.False(await world.UntilAsync(login.Entity.BeginAsync(new NewLogin(stranger.Device.Digest, null, null))));
        Assert.Equal(LoginStanding.Granted, await login.PollAsync());
    });

    [Fact]
    public Task Who_asks_more_often_than_told_is_told_to_slow_down() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        Assert.Equal(LoginStanding.Pending, await login.PollAsync());
        Assert.Equal(LoginStanding.TooSoon, await login.PollAsync());
        await world.PassAsync(LoginEntity.Interval);
        Assert.Equal(LoginStanding.Pending, await login.PollAsync());
    });

    [Fact]
    public Task What_was_decided_outlives_a_crash_and_what_was_handed_out_stays_so() => InWorldAsync(reuse: true, async world =>
    {
        var (approved, spent) = (await TestLogin.BeginAsync(world), await TestLogin.BeginAsync(world));
        await approved.DecideAsync(world.Owner, approve: true);
        await spent.DecideAsync(world.Owner, approve: true);
        Assert.Equal(LoginStanding.Granted, await spent.PollAsync());

        await world.Host.CrashAsync();

        Assert.Equal(LoginStanding.Granted, await approved.PollAsync());
        Assert.Equal(LoginStanding.Spent, await spent.PollAsync());
    });

    [Fact]
    public Task A_key_lets_nobody_in() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        var key = new Caller("key", CredentialKind.WorkspaceKey, world.WorkspaceId, null, null, ScopeRules.All);

        Assert.Equal(ErrorCode.RoleMissing, await world.RefusalOfAsync(login.Entity.DecideAsync(key, approve: true)));
        Assert.Equal(LoginStanding.Pending, await login.PollAsync());
    });
}
