namespace ControlPlane.AgentTraces;

/// <summary><see cref="ITraceIndex"/> on Orleans, under the same key.</summary>
[Alias("trace-index")]
public interface ITraceIndexGrain : ITraceIndex, IGrainWithStringKey;
