using ControlPlane.Behaviour;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Credentials;

/// <summary>A revocation that could be forgotten after a crash is not begun.</summary>
public sealed class RevocationAlarmTests
{
    [Fact]
    public Task A_revocation_whose_alarm_cannot_be_set_changes_nothing_and_can_be_repeated() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var world = await World.InAsync(host);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        var request = await gateway.AskAsync(key.Token, session);
        var alarm = new StorageStep(StorageAction.SetAlarm, new EntityKey(EntityKinds.Credential, key.Id));
        host.Storage.Before = step => step == alarm ? Task.FromException(new IOException("Not now.")) : Task.CompletedTask;

        Assert.Equal(ErrorCode.ControlPlaneUnavailable, await world.RefusalOfAsync(world.RevokeAsync(key)));
        Assert.True(request.MayPass(1));
        Assert.Null(await gateway.TryAsync(key.Token, session));

        host.Storage.Before = null;
        Assert.Equal(1, (await world.RevokeAsync(key))!.Acknowledged);
        Assert.False(request.MayPass(1));
    });
}
