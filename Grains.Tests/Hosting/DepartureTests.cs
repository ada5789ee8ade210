using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Leases;
using Orleans.Core.Internal;

namespace ControlPlane.Hosting;

/// <summary>An activation that is to go takes no call any more, and goes when none runs in it: nothing may wait there for what is kept back.</summary>
public sealed class DepartureTests
{
    private static readonly TimeSpan WellWithinALease = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_recall_that_waits_does_not_keep_back_the_renewal_that_it_waits_for()
    {
        await using var cluster = await TestCluster.StartAsync();
        var gateway = cluster.Grains.GetGrain<IGatewayGrain>($"gw-{Guid.NewGuid():N}");
        Assert.False((await gateway.OpenAsync()).Over);
        var recall = new Recall(RecallKind.Drop, Subject.Credential(Token.NewId()), 1);
        var recalling = gateway.RecallAsync(recall);
        await Until.TrueAsync(() => cluster.Store.Peek("gateway", gateway.GetPrimaryKeyString())!.Contains(recall.Subject.Key, StringComparison.Ordinal));

        await gateway.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        var renewed = await Until.AnsweredAsync(() => gateway.RenewAsync([])).WaitAsync(WellWithinALease, TimeProvider.System);

        Assert.Equal(recall, Assert.Single(renewed.Recalls));
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, (await Assert.ThrowsAsync<ControlPlaneException>(() => recalling)).Code);
    }

    [Fact]
    public async Task A_reader_who_waits_for_an_event_does_not_keep_it_back_and_gets_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var session = await team.SessionAsync();
        var events = cluster.Entities.Events(team.Id);
        var last = (await events.ReadAsync(new EventQuery(0, null, 100))).Last;
        var reading = events.ReadAsync(new EventQuery(last, session, 10, Waits: true));

        await cluster.Grains.GetGrain<ISessionEventsGrain>(team.Id).Cast<IGrainManagementExtension>().DeactivateOnIdle();
        await cluster.Entities.Session(session).StopAsync(team.Owner).WaitAsync(WellWithinALease, TimeProvider.System);

        Assert.NotEmpty((await reading.WaitAsync(WellWithinALease, TimeProvider.System)).Events);
    }
}
