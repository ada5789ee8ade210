namespace ControlPlane.Workers;

/// <summary><see cref="IWorkerPool"/> on Orleans, under the same key.</summary>
[Alias("worker-pool")]
public interface IWorkerPoolGrain : IWorkerPool, IGrainWithStringKey
{
    /// <summary>The key of the one pool.</summary>
    const string TheOne = "pool";
}
