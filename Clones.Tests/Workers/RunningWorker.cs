using System.Security.Cryptography;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

/// <summary>A worker as a host embeds it, in a directory of its own.</summary>
public sealed class RunningWorker : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _secret = RandomNumberGenerator.GetHexString(32);
    private readonly CloneWorkerOptions _options;
    private CloneWorker? _worker;

    private RunningWorker(Func<CloneWorkerOptions, CloneWorkerOptions>? with)
    {
        var options = new CloneWorkerOptions { DataDirectory = _directory.Path, Secret = _secret };
        _options = with?.Invoke(options) ?? options;
    }

    public string Directory => _directory.Path;

    public CloneWorkerOptions Options => _options;

    public CloneWorker Worker => _worker!; // Started before anybody has this.

    public Client Client { get; private set; } = null!;

    /// <summary>A worker that holds the session <c>ses-1</c>, begun from this seed.</summary>
    public static async Task<RunningWorker> StartAsync(string seed = "small-project", Func<CloneWorkerOptions, CloneWorkerOptions>? with = null)
    {
        var running = await StartEmptyAsync(with);
        using var started = await running.Client.StartAsync(seed: seed);
        started.EnsureSuccessStatusCode();
        return running;
    }

    public static async Task<RunningWorker> StartEmptyAsync(Func<CloneWorkerOptions, CloneWorkerOptions>? with = null)
    {
        var running = new RunningWorker(with);
        await running.StartAgainAsync();
        return running;
    }

    /// <summary>Stops it and starts another with the same directory.</summary>
    public async Task RestartAsync()
    {
        await Worker.StopAsync();
        Client.Dispose();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Worker.DisposeAsync();
        _directory.Dispose();
    }

    private async Task StartAgainAsync()
    {
        _worker = await CloneWorker.StartAsync(_options);
        Client = new Client(_worker.DataAddress, _worker.ControlAddress, _secret);
    }
}
