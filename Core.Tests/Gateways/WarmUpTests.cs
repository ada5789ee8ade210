using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

public sealed class WarmUpTests
{
    [Fact]
    public Task Warming_up_revokes_and_leaves_nothing_behind() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new EntityOptions(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var gateway = await host.GatewayAsync();
        var warmUp = new WarmUp(host.Entities, gateway.Admission, host.Time);

        await host.Time.PassUntilAsync(warmUp.RunAsync(CancellationToken.None));

        Assert.Equal(8, gateway.Recalls);
        Assert.Equal(8, Credentials(host));
        await host.Time.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Credentials(host));
    });

    [Fact]
    public Task Without_owners_it_gives_up() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new EntityOptions(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions()));
        var gateway = await host.GatewayAsync();
        host.Storage.IsDown = true;

        await host.Time.PassUntilAsync(new WarmUp(host.Entities, gateway.Admission, host.Time).RunAsync(CancellationToken.None));

        Assert.Equal(0, gateway.Recalls);
        host.Storage.IsDown = false;
    });

    private static int Credentials(LocalBehaviourHost host) => host.Storage.Records().Count(record => record.Entity.Kind == EntityKinds.Credential);
}
