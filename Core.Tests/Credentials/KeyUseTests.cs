using ControlPlane.Behaviour;
using ControlPlane.Hosting;

namespace ControlPlane.Credentials;

/// <summary>What it costs to know when a key was last used.</summary>
public sealed class KeyUseTests
{
    [Fact]
    public Task Use_is_told_once_in_a_third_of_a_lease_and_saved_once_in_a_minute() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new EntityOptions(new(), new(), new()));
        var world = await World.InAsync(host);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        var saved = host.Storage.Count(StorageAction.Write, new EntityKey(EntityKinds.Credential, key.Id));
        var reports = 0;
        gateway.Link.Before = name =>
        {
            reports += name == nameof(ICredential.ReportUseAsync) ? 1 : 0;
            return Task.CompletedTask;
        };

        const int Seconds = 300;
        for (var second = 0; second < Seconds; second++)
        {
            for (var request = 0; request < 10; request++)
            {
                Assert.Null(await gateway.TryAsync(key.Token, session));
            }

            await world.PassAsync(TimeSpan.FromSeconds(1));
        }

        // One message about the key and one about the session for each third, and no save for each.
        var thirds = (int)Math.Ceiling(Seconds / host.Options.Leases.Third.TotalSeconds) + 1;
        Assert.InRange(reports, thirds, 2 * thirds);
        var saves = host.Storage.Count(StorageAction.Write, new EntityKey(EntityKinds.Credential, key.Id)) - saved;
        Assert.InRange(saves, 4, 6);
        var view = Assert.Single(await world.UntilAsync(world.Workspace.KeysAsync(world.Owner)));
        Assert.InRange(view.LastUsedAt!.Value, world.Time.GetUtcNow() - TimeSpan.FromSeconds(10), world.Time.GetUtcNow());
    });
}
