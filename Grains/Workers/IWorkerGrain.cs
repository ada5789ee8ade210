namespace ControlPlane.Workers;

/// <summary>
/// <see cref="IWorker"/> on Orleans: the one that knows where a worker's control port is, and its secret. Both stay among the silos.
/// </summary>
[Alias("worker")]
public interface IWorkerGrain : IWorker, IGrainWithStringKey
{
    /// <summary>Takes where the worker is now, durable when it answers. Its secret is the last one registered.</summary>
    [Alias("register")]
    Task RegisterAsync(Uri control, string secret, CancellationToken cancellationToken = default);

    /// <summary>Whether a secret is the worker's own; false also for a worker that never registered.</summary>
    [Alias("is")]
    Task<bool> IsAsync(string secret, CancellationToken cancellationToken = default);
}
