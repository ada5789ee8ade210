using ControlPlane.Behaviour;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Credentials;

/// <summary>A revocation's alarm is set beside its save. What if it is not?</summary>
public sealed class RevocationAlarmTests
{
    private static readonly EntityOptions Options = new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions());

    [Fact]
    public Task A_delete_does_not_wait_for_its_alarm() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options);
        var world = await World.InAsync(host);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var request = await (await host.GatewayAsync()).AskAsync(key.Token, session);
        NoAlarmFor(host, key);

        var report = await world.RevokeAsync(key);

        Assert.Equal(1, report!.Acknowledged);
        Assert.False(request.MayPass(1));
    });

    [Fact]
    public Task A_stream_is_cut_within_a_third_of_a_lease_when_its_keys_owner_died_before_the_alarm_was_set() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options);
        var world = await World.InAsync(host);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        var request = await gateway.AskAsync(key.Token, session);
        NoAlarmFor(host, key);
        gateway.IsSilent = true;
        var revoking = host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.Zero);
        await host.CrashAsync();
        await Assert.ThrowsAsync<IOException>(() => revoking);
        gateway.IsSilent = false;
        Assert.True(request.MayPass(1));

        await world.PassAsync(Options.Leases.Third + TimeSpan.FromSeconds(1));

        Assert.Equal(ErrorCode.CredentialInvalid, request.CutBecause?.Code);
    });

    [Fact]
    public Task An_alarm_that_cannot_be_set_is_set_later() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(Options);
        var world = await World.InAsync(host);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        await gateway.AskAsync(key.Token, session);
        var fails = true;
        host.Storage.Before = step => fails && IsAlarm(step, key) ? Task.FromException(new IOException("Not now.")) : Task.CompletedTask;
        gateway.Vanish();
        var revoking = host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(0, host.Storage.Count(StorageAction.SetAlarm, Entity(key)));

        fails = false;
        await world.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(1, host.Storage.Count(StorageAction.SetAlarm, Entity(key)));
        await world.UntilAsync(revoking);
    });

    private static void NoAlarmFor(LocalBehaviourHost host, TestKey key) => host.Storage.Before =
        step => IsAlarm(step, key) ? new TaskCompletionSource().Task : Task.CompletedTask;

    private static bool IsAlarm(StorageStep step, TestKey key) => step == new StorageStep(StorageAction.SetAlarm, Entity(key));

    private static EntityKey Entity(TestKey key) => new(EntityKinds.Credential, key.Id);
}
