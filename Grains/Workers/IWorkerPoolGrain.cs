namespace ControlPlane.Workers;

/// <summary><see cref="IWorkerPool"/> on Orleans, under the same key.</summary>
[Alias("worker-pool")]
public interface IWorkerPoolGrain : IWorkerPool, IGrainWithStringKey;
