using System.Text.Json;
using ControlPlane.Behaviour;
using ControlPlane.Hosting;

namespace ControlPlane.Leases;

public sealed class DepartedTests
{
    [Fact]
    public Task Gateways_that_come_and_go_leave_no_trail_in_records() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new EntityOptions(new(), new(), new()));
        var world = await World.InAsync(host);
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var stays = await host.GatewayAsync();
        var running = await stays.AskAsync(key.Token, session);
        for (var i = 0; i < 60; i++)
        {
            var passing = await host.GatewayAsync();
            Assert.Null(await passing.TryAsync(key.Token, session));
            await world.UntilAsync(passing.DisposeAsync().AsTask());
        }

        var credential = JsonSerializer.Deserialize(host.Storage.Peek(new EntityKey("credential", key.Id))!.Value.Json, CoreJson.Default.CredentialState)!;
        var state = JsonSerializer.Deserialize(host.Storage.Peek(new EntityKey("session", session))!.Value.Json, CoreJson.Default.SessionState)!;
        Assert.InRange(credential.Readers.Current.Count, 1, 20);
        Assert.InRange(state.Readers.Current.Count, 1, 20);

        // Who still holds it is still told.
        await world.RevokeAsync(key);
        Assert.Equal(1, running.Cuts);
    });

    [Fact]
    public void More_gateways_than_a_record_can_name_come_later()
    {
        var full = Enumerable.Range(0, Readers.Most).Aggregate(Readers.None, (sum, i) => sum.Granted($"g{i}"));

        Assert.Same(full, full.Granted("g7"));
        Assert.Equal(Errors.ErrorCode.ControlPlaneUnavailable, Assert.Throws<Errors.ControlPlaneException>(() => full.Granted("one more")).Code);
    }
}
