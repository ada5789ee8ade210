using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace ControlPlane.Hosting;

/// <summary>
/// While a silo does not know another that serves, both give the same entities places. It is told of one that joins; when that word was lost and its
/// engine reads no more for long, as after an outage of Redis, it still finds the other in the table.
/// </summary>
public sealed class MembershipReaderTests
{
    [Fact]
    public async Task A_silo_of_which_nobody_told_is_found_in_the_table_while_the_engine_waits()
    {
        await using var cluster = await TestCluster.StartAsync(
            silos: 1, configure: silo => silo.Services.PostConfigure<ClusterMembershipOptions>(engine => engine.TableRefreshTimeout = TimeSpan.FromHours(1)));
        var services = cluster.Engine.Silos[0].ServiceProvider;
        var known = services.GetRequiredService<IClusterMembershipService>();
        var table = services.GetRequiredService<IMembershipTable>();
        var joining = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

#pragma warning disable CS0618 // Releases after this one call them otherwise too.
        Assert.True(await table.InsertRow(Joining(joining), (await table.ReadAll()).Version.Next()));
#pragma warning restore CS0618

        await Until.TrueAsync(() => known.CurrentSnapshot.GetSiloStatus(joining) == SiloStatus.Joining);
    }

    private static MembershipEntry Joining(SiloAddress address)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new() { SiloAddress = address, Status = SiloStatus.Joining, HostName = "joining", SiloName = "joining", StartTime = now, IAmAliveTime = now };
    }
}
