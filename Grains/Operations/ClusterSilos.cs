using ControlPlane.Errors;
using ControlPlane.Hosting;
using Microsoft.Extensions.Options;
using ErrorCode = ControlPlane.Errors.ErrorCode;

namespace ControlPlane.Operations;

/// <summary>The silos, as the membership table has them.</summary>
internal sealed class ClusterSilos(IGrainFactory grains, IOptions<FailoverOptions> failover) : ISilos
{
    /// <summary>The key of the one management grain.</summary>
    private const long TheOne = 0;

    public async Task<IReadOnlyList<SiloView>> ListAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var members = await grains.GetGrain<IManagementGrain>(TheOne).GetDetailedHosts(onlyActive: false, cancellationToken)
                .WaitAsync(failover.Value.Call, TimeProvider.System, cancellationToken);
            return
            [
                .. from member in members
                   orderby member.StartTime
                   select new SiloView(
                       member.SiloAddress.Endpoint.ToString(), Word(member.Status), new DateTimeOffset(DateTime.SpecifyKind(member.StartTime, DateTimeKind.Utc))),
            ];
        }
        catch (Exception problem) when (problem is TimeoutException || problem.GetType().Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true)
        {
            throw new ControlPlaneException(
                new Refusal(ErrorCode.ControlPlaneUnavailable, "The silos cannot be asked who they are. Try again.", TimeSpan.FromSeconds(1)), problem);
        }
    }

    private static string Word(SiloStatus status) => status switch
    {
        SiloStatus.Active => "active",
        SiloStatus.Dead => "dead",
        SiloStatus.ShuttingDown or SiloStatus.Stopping => "leaving",
        _ => "joining",
    };
}
