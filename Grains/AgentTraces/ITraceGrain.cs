namespace ControlPlane.AgentTraces;

/// <summary><see cref="ITrace"/> on Orleans, under the same key.</summary>
[Alias("trace")]
public interface ITraceGrain : ITrace, IGrainWithStringKey;
