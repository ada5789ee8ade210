using System.Text.Json;
using ControlPlane.Behaviour;
using ControlPlane.Entities;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ControlPlane.Hosting;

/// <summary>Entities as grains on three silos, on virtual time; the engine itself keeps the real one. All silos can die at once.</summary>
internal sealed class ClusterBehaviourHost : BehaviourHost
{
    private readonly Link _callers = new();
    private readonly Traffic _traffic = new();
    private readonly InProcessTestCluster _engine;
    private readonly CancellationTokenSource _stopping = new();
    private Life _life;

    private ClusterBehaviourHost(EntityOptions options) : base(options)
    {
        _life = new Life(this);
        Entities = Wire.To<IEntities>(_callers, () => _engine!.Client.ServiceProvider.GetRequiredService<IEntities>());
        var builder = new InProcessTestClusterBuilder(3) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureHost(host => host.Configuration.AddInMemoryCollection([new("Failover:Alive", "00:00:00.500")]));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddIncomingGrainCallFilter(_traffic);
            silo.AddOutgoingGrainCallFilter(_traffic);
            silo.Services.AddSingleton(new EntityClock(Time));
            silo.Services.AddSingleton(options);
            silo.AddEntities();
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton(Options);
            silo.Services.AddKeyedSingleton<IGrainStorage>(EntityServices.StorageName, _life.Storage);
            silo.Services.AddSingleton<IWorkerPorts>(_life);
        });
        builder.ConfigureClient(client =>
        {
            client.AddOutgoingGrainCallFilter(_traffic);
            client.AddEntities();
        });
        _engine = builder.Build();
    }

    public TestStore Store { get; } = new();

    public override IEntities Entities { get; }

    public override IReadOnlyList<FakeWorker> Workers { get; } = [new FakeWorker("w1", 10_000)];

    public override Link ToWorkers { get; } = new();

    public static async Task<BehaviourHost> StartAsync(EntityOptions options)
    {
        var host = new ClusterBehaviourHost(options);
        await host._engine.DeployAsync();
        Quiet.NothingOnItsWay = () => host._traffic.IsQuiet;
        await host.BeatOnceAsync();
        _ = host.BeatAsync();
        return host;
    }

    public override async Task CrashAsync()
    {
        _life.Link.IsDead = true;
        _callers.Break();
        _life = new Life(this);
        await Task.WhenAll(_engine.Silos.ToList().Select(silo => _engine.KillSiloAsync(silo)));
        await _engine.StartSilosAsync(3);
        _traffic.Reset();
        await UntilItAnswersAsync();
        await BeatOnceAsync();
        await Quiet.WaitAsync();
    }

    public override int LiveIn(string workspaceId) => Store.Peek("workspace", workspaceId) is { } json
        ? JsonDocument.Parse(json).RootElement.GetProperty("state").GetProperty("live").GetArrayLength()
        : 0;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _stopping.CancelAsync();
        _life.Link.IsDead = true;
        Quiet.NothingOnItsWay = static () => true;
        await Task.WhenAll(_engine.Silos.ToList().Select(silo => _engine.KillSiloAsync(silo)));
        await _engine.DisposeAsync();
        _stopping.Dispose();
    }

    protected override TestGateway NewGateway(LeaseOptions options) =>
        new(Entities, _engine.Client.ServiceProvider.GetRequiredService<IGatewayDoor>(), options, Time);

    private async Task BeatAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await BeatOnceAsync().ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(TimeSpan.FromSeconds(2), Time, _stopping.Token);
        }
    }

    private Task BeatOnceAsync() => Task.WhenAll(Workers.Where(worker => !worker.IsSilent).Select(worker =>
        _engine.Client.ServiceProvider.GetRequiredService<IEntities>().Workers.RegisterAsync(worker.Beat)));

    /// <summary>The client has found the new silos, and every alarm grain is back, as its reminder would have brought it within a minute.</summary>
    private async Task UntilItAnswersAsync()
    {
        for (var shard = 0; shard < AlarmShards.Count;)
        {
            try
            {
                await _engine.Client.GetGrain<IAlarmGrain>(shard).SetAsync("none", "none", null);
                shard++;
            }
            catch (Errors.ControlPlaneException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    /// <summary>One life of the silos: what it reaches, it reaches no more when they are dead.</summary>
    private sealed class Life : IWorkerPorts
    {
        private readonly ClusterBehaviourHost _host;

        public Life(ClusterBehaviourHost host)
        {
            _host = host;
            Storage = new TestStore(host.Store) { Before = Alive, After = Alive };
        }

        public Link Link { get; } = new();

        public TestStore Storage { get; }

        public IWorker Port(string workerId) =>
            Wire.To(Link, () => Wire.To<IWorker>(_host.ToWorkers, () => _host.Workers.Single(worker => worker.Id == workerId)));

        private Task Alive(StoreAction action, GrainId grain) => Link.CarryAsync("storage", () => Task.FromResult(true));
    }
}
