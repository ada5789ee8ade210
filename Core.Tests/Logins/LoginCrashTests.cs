using ControlPlane.Audit;
using ControlPlane.Behaviour;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Logins;

/// <summary>What is left of a login when its process dies between two of its steps.</summary>
public sealed class LoginCrashTests
{
    [Fact]
    public Task A_token_that_was_made_and_not_handed_out_is_the_one_that_the_next_question_gets() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var device = DeviceCode.Create("BCDFGHJK");
        var key = UserCode.Key(device.Letters);
        ILogin Login() => host.Entities.Login(key);
        await world.UntilAsync(Login().BeginAsync(new NewLogin(device.Digest, null, null)));
        await world.UntilAsync(Login().DecideAsync(world.Owner, approve: true));
        var token = LoginToken.Of(device.Token((await world.UntilAsync(Login().PollAsync(device.Digest))).Salt!));
        var id = token.CredentialId;

        // The credential is saved, the mark that it is out is not.
        var mark = new EntityKey(EntityKinds.Login, key);
        FailTheMark(host, mark, token);
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await world.RefusalOfAsync(Login().ClaimAsync(device.Digest, token)));
        var made = await world.UntilAsync(host.Entities.Credential(id).DescribeAsync(world.WorkspaceId));
        Assert.NotNull(made);
        host.Storage.Before = null;
        await host.CrashAsync();

        // The device knows nothing but its code, and asks again with that.
        Assert.Equal(token, LoginToken.Of(device.Token((await world.UntilAsync(Login().PollAsync(device.Digest))).Salt!)));
        Assert.Equal(LoginStanding.Granted, (await world.UntilAsync(Login().ClaimAsync(device.Digest, token))).Standing);
        Assert.Equal(made, await world.UntilAsync(host.Entities.Credential(id).DescribeAsync(world.WorkspaceId)));
        Assert.Equal(2, host.Storage.Records().Count(record => record.Entity.Kind is EntityKinds.Credential or EntityKinds.Login));
        Assert.Equal(LoginStanding.Spent, (await world.UntilAsync(Login().ClaimAsync(device.Digest, token))).Standing);
    });

    [Fact]
    public Task Nothing_that_is_stored_of_a_spent_login_gives_its_token_and_nothing_gives_it_alone_before() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var device = DeviceCode.Create("BCDFGHJK");
        var key = UserCode.Key(device.Letters);
        ILogin Login() => host.Entities.Login(key);
        string Stored() => host.Storage.Peek(new EntityKey(EntityKinds.Login, key))!.Value.Json;
        await world.UntilAsync(Login().BeginAsync(new NewLogin(device.Digest, null, null)));
        await world.UntilAsync(Login().DecideAsync(world.Owner, approve: true));
        var salt = (await world.UntilAsync(Login().PollAsync(device.Digest))).Salt!;
        Assert.Contains(salt, Stored(), StringComparison.Ordinal);
        Assert.DoesNotContain(device.Token(salt)[^38..], Stored(), StringComparison.Ordinal);

        await world.UntilAsync(Login().ClaimAsync(device.Digest, LoginToken.Of(device.Token(salt))));

        Assert.All(host.Storage.Records(), record => Assert.DoesNotContain(salt, record.Json, StringComparison.Ordinal));
        Assert.Null((await world.UntilAsync(Login().PollAsync(device.Digest))).Salt);
    });

    [Fact]
    public Task A_login_that_was_approved_before_there_were_salts_gets_one_and_keeps_it() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var device = DeviceCode.Create("BCDFGHJK");
        var key = UserCode.Key(device.Letters);
        var now = $"{world.Time.GetUtcNow():O}";
        host.Storage.Put(new EntityKey(EntityKinds.Login, key), 2, $$"""
            {"device":"{{device.Digest}}","createdAt":"{{now}}","approval":{"userId":"u","workspaceId":"ws-a","scopes":"SessionsRead","by":"user:u","at":"{{now}}"} }
            """);
        ILogin Login() => host.Entities.Login(key);

        var salt = (await world.UntilAsync(Login().PollAsync(device.Digest))).Salt!;
        await host.CrashAsync();

        Assert.Equal(salt, (await world.UntilAsync(Login().PollAsync(device.Digest))).Salt);
        Assert.Equal(LoginStanding.Granted, (await world.UntilAsync(Login().ClaimAsync(device.Digest, LoginToken.Of(device.Token(salt))))).Standing);
        Assert.Equal(LoginStanding.Spent, (await world.UntilAsync(Login().PollAsync(device.Digest))).Standing);
    });

    [Fact]
    public Task A_token_that_nobody_took_has_ended_when_its_login_is_forgotten() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var (device, token) = await ApprovedAsync(world);
        var key = UserCode.Key(device.Letters);
        var mark = new EntityKey(EntityKinds.Login, key);
        FailTheMark(host, mark, token);
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await world.RefusalOfAsync(host.Entities.Login(key).ClaimAsync(device.Digest, token)));
        Assert.Equal(token.CredentialId, Assert.Single(await ListAsync(world)).Id);
        host.Storage.Before = null;
        await host.CrashAsync();

        await world.PassAsync(LoginState.Lifetime);
        Assert.Equal(LoginStanding.Expired, (await world.UntilAsync(host.Entities.Login(key).ClaimAsync(device.Digest, token))).Standing);
        await world.PassAsync(LoginState.KeptAfter + TimeSpan.FromSeconds(2));

        Assert.Null(host.Storage.Peek(mark));
        Assert.NotNull((await world.UntilAsync(host.Entities.Credential(token.CredentialId).DescribeAsync(world.WorkspaceId)))!.RevokedAt);
        Assert.Empty(await ListAsync(world));
    });

    [Fact]
    public Task A_token_that_was_claimed_in_time_is_handed_out_when_the_codes_end_meanwhile() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var (device, token) = await ApprovedAsync(world);
        await world.PassAsync(LoginState.Lifetime - TimeSpan.FromSeconds(2));
        var (reached, late) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Storage.Before = step =>
        {
            if (step.Entity.Kind != EntityKinds.Credential || step.Action != StorageAction.Write)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return late.Task;
        };
        var claim = host.Entities.Login(UserCode.Key(device.Letters)).ClaimAsync(device.Digest, token);
        await world.UntilAsync(reached.Task);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        late.SetResult();

        Assert.Equal(LoginStanding.Granted, (await world.UntilAsync(claim)).Standing);
        Assert.Equal(token.CredentialId, Assert.Single(await ListAsync(world)).Id);
        await world.PassAsync(LoginState.KeptAfter + TimeSpan.FromSeconds(2));
        Assert.Single(await ListAsync(world));
    });

    [Fact]
    public Task An_approval_whose_act_could_not_be_written_is_in_the_log_before_its_login_is_forgotten() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var device = DeviceCode.Create("BCDFGHJK");
        var login = host.Entities.Login(UserCode.Key(device.Letters));
        await world.UntilAsync(login.BeginAsync(new NewLogin(device.Digest, null, null)));
        host.Storage.Before = step => step.Action == StorageAction.Append ? Task.FromException(new IOException("Not now.")) : Task.CompletedTask;
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await world.RefusalOfAsync(login.DecideAsync(world.Owner, approve: true)));
        host.Storage.Before = null;
        await host.CrashAsync();

        await world.PassAsync(LoginState.Lifetime + LoginState.KeptAfter + TimeSpan.FromSeconds(2));

        var acts = await world.UntilAsync(host.Entities.Audit(world.WorkspaceId).PageAsync(new AuditQuery(AuditAction.LoginApprove, 10, null)));
        Assert.Equal("unknown A device", Assert.Single(acts.Events).Detail);
        Assert.DoesNotContain(host.Storage.Records(), record => record.Entity.Kind == EntityKinds.Login);
    });

    [Fact]
    public Task A_login_whose_end_cannot_be_set_does_not_begin() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var key = UserCode.Key("BCDFGHJK");
        var alarm = new StorageStep(StorageAction.SetAlarm, new EntityKey(EntityKinds.Login, key));
        host.Storage.Before = step => step == alarm ? Task.FromException(new IOException("Not now.")) : Task.CompletedTask;

        var begin = host.Entities.Login(key).BeginAsync(new NewLogin(DeviceCode.Create("BCDFGHJK").Digest, null, null));
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await world.RefusalOfAsync(begin));

        Assert.DoesNotContain(host.Storage.Records(), record => record.Entity.Kind == EntityKinds.Login);
    });

    /// <summary>The claim is saved, and nothing after it.</summary>
    private static void FailTheMark(LocalBehaviourHost host, EntityKey login, LoginToken token) => host.Storage.Before = step =>
        step.Entity == login && step.Action == StorageAction.Write && host.Storage.Peek(login)!.Value.Json.Contains(token.CredentialId, StringComparison.Ordinal)
            ? Task.FromException(new IOException("Not now."))
            : Task.CompletedTask;

    private static async Task<(DeviceCode Device, LoginToken Token)> ApprovedAsync(World world)
    {
        var device = DeviceCode.Create("BCDFGHJK");
        var login = world.Host.Entities.Login(UserCode.Key(device.Letters));
        await world.UntilAsync(login.BeginAsync(new NewLogin(device.Digest, null, null)));
        await world.UntilAsync(login.DecideAsync(world.Owner, approve: true));
        return (device, LoginToken.Of(device.Token((await world.UntilAsync(login.PollAsync(device.Digest))).Salt!)));
    }

    private static Task<IReadOnlyList<CredentialView>> ListAsync(World world) =>
        world.UntilAsync(world.Host.Entities.User(world.Owner.UserId!).TokensAsync(null));
}
