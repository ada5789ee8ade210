using System.Diagnostics.CodeAnalysis;
using ControlPlane.GitHub;
using ControlPlane.Journals;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>
/// A running clone worker. It is its data directory: started again with it, it holds the same placements and the same state, as last
/// acknowledged, whatever ended it.
/// </summary>
public sealed partial class CloneWorker : IAsyncDisposable
{
    // What is in flight when a worker stops is short; who has not answered by then waits for somebody else.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly DataDirectory _directory;
    private readonly Disk _disk;
    private readonly Placements _placements;
    private readonly ControlPort _port;
    private readonly int _capacity;
    private readonly Listener _data;
    private readonly Listener _control;
    private readonly TimeProvider _time;
    private bool _stopped;

    private CloneWorker(
        DataDirectory directory, Disk disk, Placements placements, BodyRoom bodies, ControlPort port, int capacity, Listener data, Listener control, TimeProvider time)
    {
        Bodies = bodies;
        _port = port;
        _capacity = capacity;
        _directory = directory;
        _disk = disk;
        _placements = placements;
        _data = data;
        _control = control;
        _time = time;
    }

    /// <summary>Made once in the data directory.</summary>
    public string WorkerId => _directory.WorkerId;

    /// <summary>Where gateways forward to.</summary>
    public Uri DataAddress => _data.Address;

    /// <summary>Where the control plane speaks to it.</summary>
    public Uri ControlAddress => _control.Address;

    internal int Capacity => _capacity;

    internal BodyRoom Bodies { get; }

    /// <summary>How many sessions it holds; none while it is starting.</summary>
    internal int Sessions => _placements.Count;

    /// <summary>Starts a worker; when this returns, both ports answer.</summary>
    /// <exception cref="IOException">The data directory is in use, damaged or not writable, or a port is taken.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed with the worker, or below when the start fails.")]
    public static async Task<CloneWorker> StartAsync(CloneWorkerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Secret);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HeldBodyBytes, CloneWorkerOptions.LeastHeldBodyBytes);
        var directory = DataDirectory.Open(options.DataDirectory);
        var disk = new Disk();
        var room = new BodyRoom(options.HeldBodyBytes);
        IClone[] clones = [new GitHubClone(options.GitHub, room, options.TimeProvider, options.LoggerFactory.CreateLogger<GitHubClone>())];
        var placements = new Placements(
            directory, clones.ToDictionary(clone => clone.Catalogue.Id, StringComparer.Ordinal), options.Capacity, disk, options.TimeProvider);
        Listener? data = null;
        try
        {
            await placements.LoadAsync();
            var dataPort = new DataPort(placements);
            var controlPort = new ControlPort(
                placements, directory.WorkerId, options.Capacity, options.Secret, options.LoggerFactory.CreateLogger<ControlPort>());
            data = await Listener.StartAsync(options.DataUrl, options.DataLimits, dataPort.AnswerAsync, options.LoggerFactory, cancellationToken);
            var control = await Listener.StartAsync(options.ControlUrl, options.ControlLimits, controlPort.AnswerAsync, options.LoggerFactory, cancellationToken);
            var worker = new CloneWorker(directory, disk, placements, room, controlPort, options.Capacity, data, control, options.TimeProvider);
            WorkerMeter.Started(worker);
            var logger = options.LoggerFactory.CreateLogger<CloneWorker>();
            LogStarted(logger, worker.WorkerId, worker.DataAddress, worker.ControlAddress);
            return worker;
        }
        catch
        {
            await (data?.DisposeAsync() ?? ValueTask.CompletedTask);
            await placements.DisposeAsync();
            disk.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>From now on it takes no new sessions; those that it holds are served until it stops.</summary>
    public void Drain() => _port.IsDraining = true;

    /// <summary>How it is, for those who place sessions.</summary>
    /// <param name="data">Where gateways reach its data port.</param>
    /// <param name="control">Where the control plane reaches its control port.</param>
    public async Task<WorkerPresence> PresenceAsync(Uri data, Uri control) => new(
        data, control, _capacity, _port.IsDraining, await _placements.HeldAsync(), [.. _placements.Clones.Values.Select(clone => clone.Catalogue)]);

    /// <summary>Stops taking requests, finishes what is in flight and gives the data directory back. Twice is harmless.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        WorkerMeter.Stopped(this);
        using var patience = new CancellationTokenSource(StopPatience, _time);
        await Task.WhenAll(_data.StopAsync(patience.Token), _control.StopAsync(patience.Token));
        await _placements.DisposeAsync();
        await _data.DisposeAsync();
        await _control.DisposeAsync();
        _disk.Dispose();
        _directory.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    [LoggerMessage(EventId = 7001, EventName = "WorkerStarted", Level = LogLevel.Information,
        Message = "Worker {WorkerId} answers on {DataAddress} (data) and {ControlAddress} (control)")]
    private static partial void LogStarted(ILogger logger, string workerId, Uri dataAddress, Uri controlAddress);
}
