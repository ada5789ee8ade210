namespace ControlPlane.Leases;

/// <summary><see cref="IGateway"/> on Orleans, under the same key.</summary>
[Alias("gateway")]
public interface IGatewayGrain : IGateway, IGrainWithStringKey;
