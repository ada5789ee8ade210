using ControlPlane.Behaviour;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Audit;

/// <summary>What leaves a record once the log has it.</summary>
public sealed class AuditTrailTests
{
    private const string InRecord = "apiKeyRevoke";

    [Fact]
    public Task An_answer_does_not_wait_until_what_is_in_the_log_has_left_the_record() => Task.Run(async () =>
    {
        await using var host = Host();
        var world = await World.InAsync(host);
        var key = await world.KeyAsync();
        var (record, writes, held) = (new EntityKey(EntityKinds.Credential, key.Id), 0, new TaskCompletionSource());
        host.Storage.Before = step => step == new StorageStep(StorageAction.Write, record) && ++writes > 1 ? held.Task : Task.CompletedTask;

        Assert.NotNull(await world.RevokeAsync(key));

        Assert.Contains(InRecord, host.Storage.Peek(record)!.Value.Json, StringComparison.OrdinalIgnoreCase);
        held.SetResult();
        await Quiet.WaitAsync();
        Assert.DoesNotContain(InRecord, host.Storage.Peek(record)!.Value.Json, StringComparison.OrdinalIgnoreCase);
    });

    [Fact]
    public Task What_could_not_leave_the_record_leaves_it_later_and_is_in_the_log_once() => Task.Run(async () =>
    {
        await using var host = Host();
        var world = await World.InAsync(host);
        var key = await world.KeyAsync();
        var (record, writes) = (new EntityKey(EntityKinds.Credential, key.Id), 0);
        host.Storage.Before = step => step == new StorageStep(StorageAction.Write, record) && ++writes == 2
            ? Task.FromException(new IOException("Not now."))
            : Task.CompletedTask;

        Assert.NotNull(await world.RevokeAsync(key));
        await Quiet.WaitAsync();

        Assert.Equal(3, writes);
        Assert.DoesNotContain(InRecord, host.Storage.Peek(record)!.Value.Json, StringComparison.OrdinalIgnoreCase);
        Assert.Single((await host.Entities.Audit(world.Owner.WorkspaceId).PageAsync(new AuditQuery(AuditAction.ApiKeyRevoke, 10, null))).Events);
    });

    private static LocalBehaviourHost Host() => new(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
}
