using ControlPlane.Leases;
using Microsoft.Extensions.Options;

namespace ControlPlane.Hosting;

/// <summary>At the start: a lease must outlast a failover, or every silo that dies would cut the streams of every gateway.</summary>
internal sealed class LeaseOutlastsFailover(IOptions<FailoverOptions> failover) : IValidateOptions<LeaseOptions>
{
    public ValidateOptionsResult Validate(string? name, LeaseOptions options) => options.Duration >= failover.Value.ShortestLease
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{LeaseOptions.Section}:Duration is {options.Duration}, but a silo's death takes {failover.Value.Noticed} to be noticed and a call "
            + $"{failover.Value.LeaseCall} to be given up: a lease of at least {failover.Value.ShortestLease} outlasts that. "
            + $"Lengthen it, or shorten {FailoverOptions.Section}:Probe.");
}
