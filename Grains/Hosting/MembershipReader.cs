using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ControlPlane.Hosting;

/// <summary>
/// Reads the membership table at a fixed pace. After reads that failed, as in an outage of Redis, the engine waits up to a minute for its next, and
/// is not told of a silo that joins meanwhile, which takes it for dead. Until it knows, both give the same entities places of their own.
/// </summary>
internal sealed class MembershipReader(IClusterMembershipService membership, IOptions<FailoverOptions> failover) : BackgroundService
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it from being read, it is read again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(failover.Value.Alive, TimeProvider.System, stoppingToken);
                await membership.Refresh(cancellationToken: stoppingToken);
            }
            catch (Exception)
            {
                // The silo starts, or stops, or the table is away.
            }
        }
    }
}
