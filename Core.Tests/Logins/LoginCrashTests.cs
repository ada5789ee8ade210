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
        Assert.True(Token.TryParse(device.Token(), out _, out var id));
        var (key, token) = (UserCode.Key(device.Letters), new LoginToken(id, TokenDigest.Of(device.Token())));
        ILogin Login() => host.Entities.Login(key);
        await world.UntilAsync(Login().BeginAsync(new NewLogin(device.Digest, null, null)));
        await world.UntilAsync(Login().DecideAsync(world.Owner, approve: true));

        // The credential is saved, the mark that it is out is not.
        var mark = new EntityKey(EntityKinds.Login, key);
        host.Storage.Before = step => step.Entity == mark && step.Action == StorageAction.Write
            ? Task.FromException(new IOException("Not now.")) : Task.CompletedTask;
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await world.RefusalOfAsync(Login().PollAsync(device.Digest, token)));
        var made = await world.UntilAsync(host.Entities.Credential(id).DescribeAsync(world.WorkspaceId));
        Assert.NotNull(made);
        host.Storage.Before = null;
        await host.CrashAsync();

        Assert.Equal(LoginStanding.Granted, (await world.UntilAsync(Login().PollAsync(device.Digest, token))).Standing);
        Assert.Equal(made, await world.UntilAsync(host.Entities.Credential(id).DescribeAsync(world.WorkspaceId)));
        Assert.Equal(2, host.Storage.Records().Count(record => record.Entity.Kind is EntityKinds.Credential or EntityKinds.Login));
        Assert.Equal(LoginStanding.Spent, (await world.UntilAsync(Login().PollAsync(device.Digest, token))).Standing);
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
