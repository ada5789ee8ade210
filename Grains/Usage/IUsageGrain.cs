namespace ControlPlane.Usage;

/// <summary><see cref="IUsage"/> on Orleans, under the same key.</summary>
[Alias("usage")]
public interface IUsageGrain : IUsage, IGrainWithStringKey;
