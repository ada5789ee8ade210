using ControlPlane.Leases;
using Microsoft.Extensions.Options;

namespace ControlPlane.Hosting;

public sealed class FailoverOptionsTests
{
    [Theory]
    [InlineData(10, 1, 2, 1, true)]
    [InlineData(9.9, 1, 2, 1, false)]
    [InlineData(10, 2, 3, 1, false)]
    [InlineData(2.5, 0.25, 2, 0.25, true)]
    public void A_lease_must_outlast_a_failover(double lease, double probe, int missed, double call, bool valid)
    {
        var failover = new FailoverOptions { Probe = TimeSpan.FromSeconds(probe), Missed = missed, LeaseCall = TimeSpan.FromSeconds(call) };

        var result = new LeaseOutlastsFailover(Options.Create(failover)).Validate(null, new LeaseOptions { Duration = TimeSpan.FromSeconds(lease) });

        Assert.Equal(valid, result.Succeeded);
    }
}
