using ControlPlane.Behaviour;
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
        host.Storage.Before = step => step.Entity == mark && step.Action == StorageAction.Write
            ? Task.FromException(new IOException("Not now.")) : Task.CompletedTask;
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
        Assert.DoesNotContain(device.Token(salt)[..25], Stored(), StringComparison.Ordinal);

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
}
