using System.Collections.Concurrent;

namespace ControlPlane.Workers;

/// <summary>
/// The workers that a host speaks to, over one pool of connections. A worker's id is its own: it is known once it has said it.
/// </summary>
public sealed class WorkerClients : IDisposable
{
    private readonly ConcurrentDictionary<string, WorkerClient> _byId = new();

    // No proxy, no cookies, no redirects: what leaves here is what was meant, and goes where it was meant to go.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = null,
    })
    {
        // Behind the callers' own limits: nothing waits for ever, whoever forgets one.
        Timeout = TimeSpan.FromSeconds(60),
        MaxResponseContentBufferSize = 4 * 1024 * 1024,
    };

    /// <summary>The control port of a worker that has been heard of.</summary>
    /// <exception cref="InvalidOperationException">It has not, yet; asking again may help.</exception>
    public IWorker Find(string workerId) => _byId.TryGetValue(workerId, out var worker)
        ? worker
        : throw new InvalidOperationException($"The worker {workerId} has not been heard of yet.");

    /// <summary>The client for a worker at an address.</summary>
    public WorkerClient At(WorkerAddress address) => new(_http, address);

    /// <summary>A worker has said who it is.</summary>
    internal void Learn(string workerId, WorkerClient worker) => _byId[workerId] = worker;

    public void Dispose() => _http.Dispose();
}
