using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Leases;

/// <summary>
/// While the cluster is torn, two activations of one entity may live. The test is the second one: the same entity over the same store.
/// </summary>
public sealed class ReplacedActivationTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_replaced_activation_gives_a_revoked_key_to_nobody(bool fresh)
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var replaced = cluster.Entities.Credential(key.Id);
        var gateway = await cluster.GatewayAsync();
        var reader = "a reader that the replaced one has";
        Assert.Equal(CredentialStanding.Good, (await replaced.AuthorizeAsync(TokenDigest.Of(key.Token), reader, fresh)).Standing);
        Assert.True(gateway.IsReady);

        var host = new EntityHost(GrainId.Create("credential", key.Id), Services(cluster));
        var now = new CredentialEntity(key.Id, host, new LeaseOptions());
        _ = now.RevokeAsync(team.Owner);
        await UntilAsync(() => cluster.Store.Peek("credential", key.Id)!.Contains("revokedAt", StringComparison.Ordinal));

        Assert.Equal(CredentialStanding.Revoked, (await replaced.AuthorizeAsync(TokenDigest.Of(key.Token), reader, fresh)).Standing);
    }

    [Fact]
    public async Task Two_activations_that_write_at_once_lose_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var session = await team.SessionAsync(rateLimit: 1000);
        var host = new EntityHost(GrainId.Create("session", session), Services(cluster));
        var second = new SessionEntity(session, host, new SessionOptions(), new LeaseOptions());

        var shares = await Task.WhenAll(Enumerable.Range(0, 60).Select(number =>
            (number % 2 == 0 ? cluster.Entities.Session(session) : second).TakeShareAsync($"reader {number}", 0)));

        Assert.Equal(60, shares.Select(share => share!.Number).Distinct().Count());
        Assert.Equal(600, shares.Sum(share => share!.Requests));
    }

    private static EntityServices Services(TestCluster cluster) => new(
        cluster.Grains, cluster.Entities, new EntityClock(TimeProvider.System),
        cluster.Engine.Client.ServiceProvider.GetRequiredService<EntityOptions>(),
        cluster.Engine.Client.ServiceProvider.GetRequiredService<CallLimits>(),
        new Departure(cluster.Engine.Client.ServiceProvider.GetRequiredService<ILocalActivationStatusChecker>()), cluster.Store);

    private static async Task UntilAsync(Func<bool> done)
    {
        while (!done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
