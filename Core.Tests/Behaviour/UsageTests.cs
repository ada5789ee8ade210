using ControlPlane.Usage;

namespace ControlPlane.Behaviour;

/// <summary>What a workspace used is counted for each day and key, each thing once.</summary>
public abstract class UsageTests : BehaviourTests
{
    [Theory, InlineData(true), InlineData(false)]
    public Task Sessions_requests_and_bytes_are_counted_for_whose_key_it_was(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, gateway) = (await world.KeyAsync(), await world.Host.GatewayAsync());
        var session = await world.SessionAsync();
        for (var request = 0; request < 3; request++)
        {
            var running = await gateway.AskAsync(key.Token, session);
            Assert.True(running.MayPass(100, fromCaller: true));
            Assert.True(running.MayPass(5_000));
            gateway.Admission.Leave(running);
        }

        await world.PassAsync(TimeSpan.FromMinutes(2));
        await world.StopAsync(session);

        var rows = await RowsAsync(world);
        var used = Assert.Single(rows, row => row.By == $"key:{key.Id}");
        Assert.Equal((3, 300, 15_000), (used.Requests, used.BytesIn, used.BytesOut));
        var owner = Assert.Single(rows, row => row.By == world.Owner.Name);
        Assert.Equal(1, owner.Sessions);
        Assert.InRange(owner.SessionSeconds, 119, 125);
    });

    [Fact]
    public Task A_report_that_is_made_again_counts_once_also_after_a_crash() => InWorldAsync(true, async world =>
    {
        var usage = world.Host.Entities.Usage(world.WorkspaceId);
        var report = new UsageReport("g1", 4, [new UsageRow(null, "key:k", Requests: 5)]);
        await world.UntilAsync(usage.AddAsync(report));
        await world.UntilAsync(usage.AddAsync(report));
        await world.Host.CrashAsync();
        await world.UntilAsync(usage.AddAsync(report));
        await world.UntilAsync(usage.AddAsync(report with { Number = 5 }));

        Assert.Equal(10, Assert.Single(await RowsAsync(world)).Requests);
    });

    [Fact]
    public Task What_could_not_be_reported_is_reported_later_and_counts_once() => InWorldAsync(true, async world =>
    {
        var (key, gateway) = (await world.KeyAsync(), await world.Host.GatewayAsync());
        var session = await world.SessionAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        var lost = 0;
        gateway.Link.After = name => name == "AddAsync" && lost++ == 0 ? throw new IOException("The answer was lost.") : Task.CompletedTask;

        await world.PassAsync(TimeSpan.FromSeconds(20));

        Assert.True(lost > 1);
        Assert.Equal(1, Assert.Single(await RowsAsync(world), row => row.By == $"key:{key.Id}").Requests);
    });

    [Fact]
    public Task The_log_is_written_anew_and_says_the_same() => InWorldAsync(true, async world =>
    {
        var usage = world.Host.Entities.Usage(world.WorkspaceId);
        for (var number = 1; number <= 2_500; number++)
        {
            await world.UntilAsync(usage.AddAsync(new UsageReport("g1", number, [new UsageRow(null, "key:k", Requests: 2)])));
        }

        await world.Host.CrashAsync();
        await world.UntilAsync(usage.AddAsync(new UsageReport("g1", 2_500, [new UsageRow(null, "key:k", Requests: 2)])));

        Assert.Equal(5_000, Assert.Single(await RowsAsync(world)).Requests);
    });

    [Fact]
    public Task A_day_has_room_for_so_many_names_and_counts_the_others_together() => InWorldAsync(true, async world =>
    {
        var usage = world.Host.Entities.Usage(world.WorkspaceId);
        await world.UntilAsync(usage.AddAsync(new UsageReport(
            "g1", 1, [.. Enumerable.Range(0, UsageLog.MostNames + 50).Select(name => new UsageRow(null, $"key:{name}", Requests: 1))])));

        var rows = await RowsAsync(world);
        Assert.Equal(UsageLog.MostNames + 1, rows.Count);
        Assert.Equal(50, Assert.Single(rows, row => row.By == UsageRow.Others).Requests);
    });

    [Fact]
    public Task Time_over_midnight_is_of_two_days() => InWorldAsync(true, async world =>
    {
        var session = await world.SessionAsync(TimeSpan.FromHours(24));
        var began = world.Time.GetUtcNow();
        await world.UntilAsync(world.Host.Entities.Session(session).RenewAsync(world.Owner, TimeSpan.FromHours(20)));
        await world.PassAsync(TimeSpan.FromHours(18));
        await world.StopAsync(session);

        var days = (await RowsAsync(world, 2)).Where(row => row.SessionSeconds > 0).ToList();

        Assert.Equal(2, days.Count);
        Assert.InRange(days.Sum(row => row.SessionSeconds), 18 * 3600, (18 * 3600) + 30);
        Assert.Equal((began.UtcDateTime.Date.AddDays(1) - began.UtcDateTime).TotalSeconds, days[0].SessionSeconds, 2.0);
    });

    private static Task<IReadOnlyList<UsageRow>> RowsAsync(World world, int days = 1)
    {
        var today = DateOnly.FromDateTime(world.Time.GetUtcNow().UtcDateTime);
        return world.UntilAsync(world.Host.Entities.Usage(world.WorkspaceId).ReadAsync(today.AddDays(1 - days), today));
    }
}
