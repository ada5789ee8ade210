using System.Security.Cryptography;
using ControlPlane.Workers;

namespace ControlPlane;

/// <summary>The clone worker of this process: on two loopback ports of its own, reached over HTTP like any other.</summary>
internal sealed class LocalWorker : IAsyncDisposable
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(3);

    private readonly CloneWorker _worker;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _beating;

    private LocalWorker(CloneWorker worker, WorkerHeartbeat heartbeat, IReadOnlyList<HeldPlacement> held)
    {
        (_worker, Held) = (worker, held);
        _beating = heartbeat.RunAsync(BeatEvery, _stopping.Token);
    }

    /// <summary>What it held when it was started, from its life before.</summary>
    public IReadOnlyList<HeldPlacement> Held { get; }

    /// <summary>Starts it; when this returns the pool knows it.</summary>
    public static async Task<LocalWorker> StartAsync(string directory, IWorkerPool pool, WorkerClients clients, ILoggerFactory loggers)
    {
        // Known to this process alone, and only while it runs.
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var worker = await CloneWorker.StartAsync(
            new CloneWorkerOptions { DataDirectory = directory, Secret = secret, LoggerFactory = loggers });
        var heartbeat = new WorkerHeartbeat(
            clients, new WorkerAddress(worker.ControlAddress, worker.DataAddress, secret), pool, TimeProvider.System,
                loggers.CreateLogger<WorkerHeartbeat>());
        var status = await heartbeat.BeatAsync();
        return new LocalWorker(worker, heartbeat, [.. status.Placements.Select(held => new HeldPlacement(held.Session, held.Epoch))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _beating.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _worker.DisposeAsync();
        _stopping.Dispose();
    }
}
