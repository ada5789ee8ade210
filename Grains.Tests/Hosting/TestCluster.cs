using ControlPlane.Entities;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ControlPlane.Hosting;

/// <summary>Silos in this process over one store, with one client, composed as the real ones are.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<Gateway> _gateways = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _beating = Task.CompletedTask;

    private TestCluster(TestStore store, short silos, Action<ISiloBuilder>? configure, IReadOnlyDictionary<string, string?> settings)
    {
        Store = store;
        var builder = new InProcessTestClusterBuilder(silos) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureHost(host => host.Configuration.AddInMemoryCollection(settings));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddEntities();
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(Reminders);
            silo.Services.AddKeyedSingleton<IGrainStorage>(EntityServices.StorageName, store);
            silo.Services.AddSingleton<IWorkerPorts>(Ports);
            silo.Services.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = TimeSpan.FromSeconds(2));
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(client => client.AddEntities());
        Engine = builder.Build();
    }

    public InProcessTestCluster Engine { get; }

    public TestStore Store { get; }

    public TestPorts Ports { get; } = new();

    public TestReminders Reminders { get; } = new();

    public IEntities Entities => Engine.Client.ServiceProvider.GetRequiredService<IEntities>();

    public IGrainFactory Grains => Engine.Client;

    public static async Task<TestCluster> StartAsync(
        bool reuse = true, TestStore? store = null, string lease = "00:00:10", short silos = 3, Action<ISiloBuilder>? configure = null,
        params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Leases:Reuse"] = reuse.ToString(), ["Leases:Duration"] = lease };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var cluster = new TestCluster(store ?? new TestStore(), silos, configure, all);
        await cluster.Engine.DeployAsync();
        await cluster.BeatOnceAsync();
        cluster._beating = cluster.BeatAsync();
        return cluster;
    }

    /// <summary>A gateway process's part of the cluster, with a lease in hand.</summary>
    public async Task<Gateway> GatewayAsync(LeaseOptions? options = null)
    {
        var services = Engine.Client.ServiceProvider;
        var gateway = new Gateway(
            Entities, services.GetRequiredService<IGatewayDoor>(), options ?? services.GetRequiredService<EntityOptions>().Leases, TimeProvider.System);
        gateway.Start();
        _gateways.Add(gateway);
        await gateway.ReadyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        return gateway;
    }

    /// <summary>Every activation of an entity goes, as at a restart.</summary>
    public Task CollectAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>The silo on which a grain is active; null when it is on none.</summary>
    public async Task<InProcessSiloHandle?> SiloOfAsync(IAddressable grain) =>
        await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain) is { } address ? Engine.GetSiloForAddress(address) : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await _stopping.CancelAsync();
        await _beating.ContinueWith(_ => { }, TaskScheduler.Default);
        await Engine.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _stopping.Token);
            await BeatOnceAsync().ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private Task BeatOnceAsync() => Entities.Workers.RegisterAsync(Ports.Beat("w1"));
}
