using ControlPlane.Errors;
using ControlPlane.Hosting;

namespace ControlPlane.Entities;

public sealed class AlarmGrainTests
{
    /// <summary>A silo that is only starting cannot store reminders yet.</summary>
    [Fact]
    public async Task A_reminder_that_could_not_be_stored_is_stored_with_the_next_alarm()
    {
        await using var cluster = await TestCluster.StartAsync();
        var alarms = cluster.Grains.GetGrain<IAlarmGrain>(7);
        var due = TimeProvider.System.GetUtcNow().AddHours(1);
        cluster.Reminders.BeforeUpsert = () => throw new IOException("The table cannot be reached.");
        await Assert.ThrowsAsync<ControlPlaneException>(() => alarms.SetAsync("user", "u1", due));

        cluster.Reminders.BeforeUpsert = null;
        await alarms.SetAsync("user", "u1", due);

        Assert.Contains(alarms.GetGrainId(), cluster.Reminders.Grains);
    }

    [Fact]
    public async Task Who_sets_an_alarm_waits_for_reminders_that_a_silo_does_not_have_yet()
    {
        await using var cluster = await TestCluster.StartAsync();
        var tries = 0;
        cluster.Reminders.BeforeUpsert = () =>
        {
            if (Interlocked.Increment(ref tries) <= 3)
            {
                throw new IOException("Reminders are not there yet.");
            }
        };

        await cluster.Grains.GetGrain<IAlarmGrain>(7).SetAsync("user", "u1", TimeProvider.System.GetUtcNow().AddHours(1));

        Assert.Equal(4, tries);
    }

    [Fact]
    public async Task What_was_due_while_every_silo_was_dead_is_rung_when_the_reminder_comes()
    {
        await using var cluster = await TestCluster.StartAsync();
        var alarms = AlarmShards.Of(cluster.Grains, GrainId.Create("user", "u1"));
        await alarms.SetAsync("user", "u1", TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Contains("user/u1", Stored(cluster, alarms), StringComparison.Ordinal);
        foreach (var silo in cluster.Engine.Silos.ToList())
        {
            await cluster.Engine.KillSiloAsync(silo);
        }

        await cluster.Engine.StartSilosAsync(3);
        var brought = cluster.Engine.Client.GetGrain<IRemindable>(alarms.GetGrainId());
        await Until.AnsweredAsync(async () =>
        {
            await brought.ReceiveReminder("awake", default);
            return true;
        });

        // Whoever is woken without anything to do takes its alarm away.
        await Until.TrueAsync(() => !Stored(cluster, alarms).Contains("user/u1", StringComparison.Ordinal));
    }

    private static string Stored(TestCluster cluster, IAlarmGrain alarms) =>
        cluster.Store.Peek("alarms", alarms.GetGrainId().Key.ToString()!) ?? "";
}
