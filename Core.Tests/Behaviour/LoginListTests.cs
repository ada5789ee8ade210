using ControlPlane.Audit;
using ControlPlane.Credentials;
using ControlPlane.Logins;

namespace ControlPlane.Behaviour;

/// <summary>What is seen of devices that were let in: on their user's list, and in the audit log.</summary>
public abstract class LoginListTests : BehaviourTests
{
    private static readonly LoginOptions Short = new() { TokenLifetime = TimeSpan.FromMinutes(5) };

    [Fact]
    public Task A_device_that_was_let_in_is_on_its_users_list_until_its_login_has_ended() => InWorldAsync(Options(true) with { Logins = Short }, async world =>
    {
        var (first, second) = (await LogInAsync(world, "a lost laptop"), await LogInAsync(world, "another"));
        await world.Host.CrashAsync();
        Assert.Equal(
            [(second.CredentialId, CredentialKind.Login, "another"), (first.CredentialId, CredentialKind.Login, "a lost laptop")],
            (await ListAsync(world)).Select(view => (view.Id, view.Kind, view.Label)));

        Assert.NotNull(await world.UntilAsync(world.Host.Entities.Credential(first.CredentialId).RevokeOwnAsync(world.Owner)));
        Assert.Equal(second.CredentialId, Assert.Single(await ListAsync(world)).Id);

        await world.PassAsync(Short.TokenLifetime);
        Assert.Empty(await ListAsync(world));
    });

    [Fact]
    public Task A_users_logins_are_bounded_and_those_that_have_ended_make_room() =>
        InWorldAsync(Options(true) with { Users = new Users.UserOptions { MaxLogins = 2, MaxTokens = 1 } }, async world =>
        {
            var (first, second) = (await LogInAsync(world, "one"), await LogInAsync(world, "two"));
            var third = await TestLogin.BeginAsync(world, "three");
            await third.DecideAsync(world.Owner, approve: true);
            Assert.Equal(LoginStanding.Full, await third.PollAsync());
            Assert.Equal(LoginStanding.Full, await third.PollAsync());

            await world.UntilAsync(world.Host.Entities.Credential(first.CredentialId).RevokeOwnAsync(world.Owner));
            var token = await third.TokenAsync();

            Assert.Equal(LoginStanding.Granted, await third.PollAsync());
            Assert.Equal(((string[])[token.CredentialId, second.CredentialId]).Order(), (await ListAsync(world)).Select(view => view.Id).Order());
        });

    [Fact]
    public Task Who_let_a_device_in_is_in_the_log_once_however_often_it_is_said() => InWorldAsync(reuse: true, async world =>
    {
        var caller = world.Owner with { From = "192.0.2.9" };
        var login = await TestLogin.BeginAsync(world);
        Assert.True(await login.DecideAsync(caller, approve: true));
        Assert.Equal(("192.0.2.7 a laptop", "192.0.2.9", null), Of(Assert.Single(await ActsAsync(world, AuditAction.LoginApprove))));
        var token = await login.TokenAsync();
        await world.Host.CrashAsync();
        Assert.True(await login.DecideAsync(caller, approve: true));
        Assert.Equal(LoginStanding.Granted, await login.PollAsync());
        Assert.Equal(LoginStanding.Spent, await login.PollAsync());

        Assert.Single(await ActsAsync(world, AuditAction.LoginApprove));
        var made = Assert.Single(await ActsAsync(world, AuditAction.TokenCreate));
        Assert.Equal((caller.Name, ("a laptop", "192.0.2.9", token.CredentialId)), (made.Actor, Of(made)));

        static (string?, string?, string?) Of(AuditEvent act) => (act.Detail, act.From, act.Target);
    });

    [Fact]
    public Task Who_refuses_a_device_leaves_no_act_and_no_login() => InWorldAsync(reuse: true, async world =>
    {
        var login = await TestLogin.BeginAsync(world);
        await login.DecideAsync(world.Owner, approve: false);
        await login.PollAsync();

        Assert.Empty(await ActsAsync(world, AuditAction.LoginApprove));
        Assert.Empty(await ListAsync(world));
    });

    /// <summary>A device that the owner has let in, and that has its token.</summary>
    private static async Task<LoginToken> LogInAsync(World world, string name)
    {
        var login = await TestLogin.BeginAsync(world, name);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await login.DecideAsync(world.Owner, approve: true);
        var token = await login.TokenAsync();
        Assert.Equal(LoginStanding.Granted, await login.PollAsync());
        return token;
    }

    private static Task<IReadOnlyList<CredentialView>> ListAsync(World world) =>
        world.UntilAsync(world.Host.Entities.User(world.Owner.UserId!).TokensAsync(null));

    private static async Task<IReadOnlyList<AuditEvent>> ActsAsync(World world, AuditAction action) =>
        (await world.UntilAsync(world.Host.Entities.Audit(world.WorkspaceId).PageAsync(new AuditQuery(action, 100, null)))).Events;
}
