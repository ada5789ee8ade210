using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>How owners reach a gateway process. Its address is the gateway's incarnation.</summary>
[Alias("gateway-observer")]
public interface IGatewayObserver : IGrainObserver
{
    /// <summary>Takes a recall; the answer is its acknowledgement.</summary>
    [Alias("recall")]
    Task<RecallAnswer> RecallAsync(Recall recall);
}
