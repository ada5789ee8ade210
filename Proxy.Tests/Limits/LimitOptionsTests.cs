using Microsoft.Extensions.Configuration;

namespace ControlPlane.Limits;

public sealed class LimitOptionsTests
{
    [Theory]
    [InlineData(ListenerRole.WorkerData, 30, 30)]
    [InlineData(ListenerRole.WorkerControl, 40, 40)]
    [InlineData(ListenerRole.Silo, 30, 15)]
    [InlineData(ListenerRole.Public, 30, 15)]
    public void From_one_address_come_half_of_the_connections_and_to_a_worker_all_of_them_however_many_are_set(ListenerRole role, int most, int fromOne)
    {
        var limits = Read(role, ("MaxConnections", $"{most}"));

        Assert.Equal((most, fromOne), (limits.EffectiveConnections, limits.EffectiveConnectionsPerAddress));
    }

    private static LimitOptions Read(ListenerRole role, params (string Name, string Value)[] set) => LimitOptions.Read(
        role, new ConfigurationBuilder().AddInMemoryCollection(set.Select(one => KeyValuePair.Create<string, string?>(one.Name, one.Value))).Build());
}
