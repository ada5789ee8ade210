using System.Collections.Concurrent;
using ControlPlane.Sessions;

namespace ControlPlane.Workers;

/// <summary>The workers that a host speaks to, over one pool of connections.</summary>
public sealed class WorkerClients : IDisposable
{
    /// <summary>In bytes.</summary>
    internal const int LongestState = 128 * 1024 * 1024;

    // Two of the longest, or many of the usual: as much is on its way from workers at one time.
    private readonly StateRoom _room = new(2L * LongestState);

    // By id, where a pool knew each worker last.
    private readonly ConcurrentDictionary<string, WorkerAddress> _last = new();

    // No proxy, no cookies, no redirects: what leaves here is what was meant, and goes where it was meant to go.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = null,
    })
    {
        // Behind the callers' own limits: nothing waits for ever, whoever forgets one.
        Timeout = TimeSpan.FromSeconds(60),
        // The state of a clone is the longest.
        MaxResponseContentBufferSize = LongestState,
    };

    /// <summary>The control port of a worker, wherever the pool says that it is when it is called.</summary>
    public IWorker Find(string workerId, IWorkerPool pool) => new PooledWorker(this, workerId, pool);

    /// <summary>The client for a worker at an address.</summary>
    public WorkerClient At(WorkerAddress address) => new(_http, address, _room);

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Its address is asked for with each call: it may have come back elsewhere since the last. A pool that has just begun, as when its silo has
    /// died, knows nobody until the next heartbeats; what a session already has there is reached meanwhile where the worker was.
    /// </summary>
    private sealed class PooledWorker(WorkerClients clients, string workerId, IWorkerPool pool) : IWorker
    {
        // Where its requests are to go the pool alone says, so it does not begin before.
        public async Task<Errors.Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default) =>
            await clients.At(await AddressAsync(cancellationToken) ?? throw Unknown()).StartAsync(order, cancellationToken);

        public async Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default) =>
            await (await ReachAsync(cancellationToken)).StopAsync(sessionId, epoch, cancellationToken);

        public async Task<Errors.Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default) =>
            await (await ReachAsync(cancellationToken)).SetCloneAsync(replacement, cancellationToken);

        public async Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
            await (await ReachAsync(cancellationToken)).CloneStateAsync(sessionId, epoch, cloneName, cancellationToken);

        public async Task<Errors.Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default) =>
            await (await ReachAsync(cancellationToken)).SetFaultsAsync(order, cancellationToken);

        public async Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
            await (await ReachAsync(cancellationToken)).FaultsAsync(sessionId, epoch, cloneName, cancellationToken);

        private async Task<WorkerClient> ReachAsync(CancellationToken cancellationToken) =>
            clients.At(await AddressAsync(cancellationToken) ?? clients._last.GetValueOrDefault(workerId) ?? throw Unknown());

        private async Task<WorkerAddress?> AddressAsync(CancellationToken cancellationToken)
        {
            if (await pool.ReachAsync(workerId, cancellationToken) is not { } address)
            {
                return null;
            }

            clients._last[workerId] = address;
            return address;
        }

        /// <summary>Asking again may help.</summary>
        private InvalidOperationException Unknown() => new($"The worker {workerId} has not been heard of yet.");
    }
}
