using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>
/// A worker of a cluster: it joins with the token, registers, says every few seconds how it is, and registers anew when it is told to. When
/// it stops it says so first, so that nothing new is placed on it.
/// </summary>
public sealed partial class JoinedWorker : IAsyncDisposable
{
    /// <summary>A silo that does not take the farewell at once will notice the silence.</summary>
    private static readonly TimeSpan FarewellWithin = TimeSpan.FromSeconds(2);

    private readonly SiloClient _silos;
    private readonly StoredIdentity _identity;
    private readonly JoinOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _beating;

    private JoinedWorker(
        CloneWorker worker, SiloClient silos, StoredIdentity identity, JoinOptions options, TimeSpan every, TimeProvider time, ILogger logger)
    {
        (Worker, _silos, _identity, _options, _time, _logger) = (worker, silos, identity, options, time, logger);
        _beating = BeatAsync(every);
    }

    public CloneWorker Worker { get; }

    /// <summary>Starts a worker; when this returns the control plane may place sessions on it.</summary>
    /// <param name="options">Without a secret: that is given by the control plane.</param>
    /// <exception cref="JoinRefusedException">The control plane will not have it.</exception>
    /// <exception cref="IOException">The data directory is in use, damaged, not writable or another's, or a port is taken.</exception>
    public static async Task<JoinedWorker> StartAsync(CloneWorkerOptions options, JoinOptions join, CancellationToken cancellationToken)
    {
        var silos = new SiloClient(join, options.TimeProvider, options.LoggerFactory.CreateLogger<SiloClient>());
        CloneWorker? worker = null;
        try
        {
            var identity = StoredIdentity.In(options.DataDirectory) ?? await JoinAsync(silos, options.DataDirectory, cancellationToken);
            worker = await CloneWorker.StartAsync(options with { Secret = identity.Secret }, cancellationToken);
            var registered = await silos.RegisterAsync(await RegistrationAsync(worker, identity, join), cancellationToken);
            return new JoinedWorker(
                worker, silos, identity, join, TimeSpan.FromSeconds(registered.BeatSeconds), options.TimeProvider,
                options.LoggerFactory.CreateLogger<JoinedWorker>());
        }
        catch
        {
            await (worker?.DisposeAsync() ?? ValueTask.CompletedTask);
            silos.Dispose();
            throw;
        }
    }

    /// <summary>Says that it stops, finishes what is in flight, and gives the data directory back.</summary>
    public async ValueTask DisposeAsync()
    {
        Worker.Drain();
        await _stopping.CancelAsync();
        await _beating;
        await SayFarewellAsync();
        await Worker.DisposeAsync();
        _silos.Dispose();
        _stopping.Dispose();
    }

    private static async Task<StoredIdentity> JoinAsync(SiloClient silos, string directory, CancellationToken cancellationToken)
    {
        var given = await silos.JoinAsync(cancellationToken);
        var identity = new StoredIdentity(given.WorkerId, given.Secret);
        identity.Keep(directory);
        return identity;
    }

    private static Task<WorkerPresence> PresenceAsync(CloneWorker worker, JoinOptions options) =>
        worker.PresenceAsync(options.AdvertiseData ?? worker.DataAddress, options.AdvertiseControl ?? worker.ControlAddress);

    private static async Task<WorkerRegistration> RegistrationAsync(CloneWorker worker, StoredIdentity identity, JoinOptions options) =>
        new(identity.WorkerId, identity.Secret, await PresenceAsync(worker, options));

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with a heartbeat, there is a next one.")]
    private async Task BeatAsync(TimeSpan every)
    {
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(every, _time, _stopping.Token);
                if (!await _silos.BeatAsync(_identity, await PresenceAsync(Worker, _options), _stopping.Token))
                {
                    await _silos.RegisterAsync(await RegistrationAsync(Worker, _identity, _options), _stopping.Token);
                    LogAnew();
                }
            }
            catch (Exception problem)
            {
                // Somebody may be changing the token or the networks, or the worker stops. It goes on serving, and asks again.
                if (!_stopping.IsCancellationRequested)
                {
                    LogRefused(problem.Message);
                }
            }
        }
    }

    private async Task SayFarewellAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(FarewellWithin, _time);
            await _silos.BeatAsync(_identity, await PresenceAsync(Worker, _options), limit.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or JoinRefusedException)
        {
            LogNoFarewell();
        }
    }

    [LoggerMessage(EventId = 7111, EventName = "WorkerRegisteredAnew", Level = LogLevel.Information,
        Message = "Registered anew: the control plane did not know this worker any more")]
    private partial void LogAnew();

    [LoggerMessage(EventId = 7112, EventName = "HeartbeatFailed", Level = LogLevel.Warning,
        Message = "The heartbeat failed and is repeated: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(EventId = 7113, EventName = "FarewellNotTaken", Level = LogLevel.Information,
        Message = "No silo took the farewell; they will notice the silence")]
    private partial void LogNoFarewell();
}
