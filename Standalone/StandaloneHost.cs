using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Operations;
using ControlPlane.Setup;
using ControlPlane.Storage;
using ControlPlane.Workers;
using Microsoft.Data.Sqlite;

namespace ControlPlane;

/// <summary>The whole control plane in one process: gateway, management API, entities over SQLite, and a clone worker.</summary>
public sealed class StandaloneHost : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(5);

    private readonly StartOptions _options;
    private readonly DataDirectory _data;
    private readonly SqliteStorage _storage;
    private readonly WebApplication _app;
    private readonly LocalWorker _worker;
    private readonly Gateway _gateway;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _entities;
    private readonly Task _warming;

    private StandaloneHost(
        StartOptions options, DataDirectory data, SqliteStorage storage, WebApplication app, LocalWorker worker, Gateway gateway,
            LocalEntities entities)
    {
        (_options, _data, _storage, _app, _worker, _gateway) = (options, data, storage, app, worker, gateway);
        _entities = entities.RunAsync(_stopping.Token);
        _warming = WarmUpAsync(app.Services.GetRequiredService<WarmUp>());
    }

    /// <summary>Where it listens, with the ports that were really taken.</summary>
    public IEnumerable<string> Urls => _app.Urls;

    /// <summary>What it is made of, for programs that measure it.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <exception cref="StartException">What keeps it from starting, in one line.</exception>
    public static async Task<StandaloneHost> StartAsync(StartOptions options)
    {
        // What its user may have got wrong comes first: a start that fails for that leaves no trace.
        options = options with { Urls = ListenAddresses.Check(options.Urls) };
        SqliteStorage? storage = null;
        var app = Composition.Build(options, () =>
            storage ?? throw new InvalidOperationException("The storage is opened before it is asked for."));
        DataDirectory? data = null;
        LocalWorker? worker = null;
        try
        {
            data = DataDirectory.Open(options.Data);
            storage = SqliteStorage.Open(data.Database);
            Composition.Connect(app);
            var entities = app.Services.GetRequiredService<LocalEntities>();

            // The lock on the data directory proves that every gateway that held a lease under it is gone: nobody has to wait for them.
            await Task.WhenAll(storage.Keys("gateway", "state NOT LIKE '%\"over\":true%'").Select(key =>
                entities.Gateway(key).CloseAsync()));
            await FirstStart.RunAsync(entities, storage.Log, data, TimeProvider.System, CancellationToken.None);
            worker = await LocalWorker.StartAsync(
                data.Worker, entities.Workers, app.Services.GetRequiredService<WorkerClients>(),
                    app.Services.GetRequiredService<ILoggerFactory>());
            await AfterRestore.RunAsync(
                entities, storage, worker.Held, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(AfterRestore)), CancellationToken.None);
            var gateway = app.Services.GetRequiredService<Gateway>();
            gateway.Start();

            // Whoever is told that it runs is let in. A store that cannot be written does not keep it from saying so.
            await Task.WhenAny(gateway.ReadyAsync(CancellationToken.None), Task.Delay(ReadyWithin, TimeProvider.System));
            await ListenAsync(app);
            return new StandaloneHost(options, data, storage, app, worker, gateway, entities);
        }
        catch (Exception problem)
        {
            await (worker?.DisposeAsync() ?? ValueTask.CompletedTask);
            await app.DisposeAsync();
            storage?.Dispose();
            data?.Dispose();
            if (Explained(problem) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>A few friendly lines: where it is, and a first call that works when pasted.</summary>
    public void Greet(TextWriter output) => Greeting.Write(output, _app.Services.GetRequiredService<CloneUrls>().Public, _options.Data);

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Finishes what is in flight, gives the lease back, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _stopping.CancelAsync();
        await _warming;
        await _gateway.DisposeAsync();
        await _entities.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _worker.DisposeAsync();
        await _app.DisposeAsync();
        _storage.Dispose();
        _data.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Beside what it serves already.</summary>
    private async Task WarmUpAsync(WarmUp warmUp)
    {
        try
        {
            await _gateway.ReadyAsync(_stopping.Token);
            await warmUp.RunAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // It is stopped before it was ever ready.
        }
    }

    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (InvalidOperationException problem)
        {
            // Such as https without a certificate; the lines after the first are advice for developers of servers.
            throw new StartException($"It cannot listen: {problem.Message.ReplaceLineEndings("\n").Split('\n')[0]}", problem);
        }
    }

    private static StartException? Explained(Exception problem) => problem switch
    {
        StartException known => known,
        SqliteException store => new StartException($"The database cannot be used: {store.Message}", store),
        Errors.ControlPlaneException refused =>
            new StartException($"The database cannot be used: {(refused.InnerException ?? refused).Message}", refused),
        IOException io => new StartException(io.Message, io),
        UnauthorizedAccessException denied => new StartException(denied.Message, denied),
        _ => null,
    };
}
