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

    [Fact]
    public Task A_hundred_acts_wait_for_a_log_that_is_away_and_each_is_sent_to_it_once() => Task.Run(async () =>
    {
        await using var host = Host();
        var world = await World.InAsync(host);
        await world.KeyAsync();
        var (back, appends) = (new TaskCompletionSource(), 0);
        host.Storage.Before = step =>
        {
            appends += step.Action == StorageAction.Append ? 1 : 0;
            return step.Action == StorageAction.Append ? back.Task : Task.CompletedTask;
        };

        var made = Enumerable.Range(0, 100).Select(_ => world.KeyAsync()).ToList();
        await Quiet.WaitAsync();
        Assert.DoesNotContain(made, making => making.IsCompleted);
        back.SetResult();
        await Task.WhenAll(made);

        var page = await host.Entities.Audit(world.Owner.WorkspaceId).PageAsync(new AuditQuery(AuditAction.ApiKeyCreate, 500, null));
        Assert.Equal(101, page.Events.Select(one => one.Id).Distinct().Count());
        Assert.Equal((101, 100), (page.Events.Count, appends));
    });

    private static LocalBehaviourHost Host() => new(new(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
}
