namespace ControlPlane.Operations;

/// <summary><see cref="IRoster"/> on Orleans, under the same key.</summary>
[Alias("roster")]
public interface IRosterGrain : IRoster, IGrainWithStringKey;
