using System.Net;
using ControlPlane.Health;
using ControlPlane.Hosting;
using ControlPlane.Records;
using ControlPlane.Redis;
using ControlPlane.Workers;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;

namespace ControlPlane;

/// <summary>
/// A silo: the entities on Orleans over one Redis, and an internal listener for workers and health. Nothing here is for the public: its ports
/// belong on a network of their own.
/// </summary>
public static class SiloHost
{
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);

        // Each heartbeat of a worker would be four lines.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // The engine's placement writes two lines through this for each activation, and what fails it says itself.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        builder.Services.AddLogFormat();
        builder.Services.AddOptions<RedisOptions>().BindConfiguration(RedisOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ClusterAddressOptions>().BindConfiguration(ClusterAddressOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddListenerLimits(ListenerRole.Silo);
        builder.Services.AddHostedService<RedisDurability>();
        builder.UseOrleans(AddCluster);
        builder.Services.AddSingleton<WorkerClients>();
        builder.Services.AddSingleton<IWorkerPorts, HttpWorkerPorts>();
        builder.Services.AddWorkerRegistration();
        builder.Services.AddTelemetryExport("archal-silo");
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default));

        var app = builder.Build();
        app.MapWorkerRegistration();
        app.MapSiloHealth();
        return app;
    }

    private static void AddCluster(ISiloBuilder silo)
    {
        silo.AddEntities();
        if (TelemetryExport.TracesAreAsked)
        {
            silo.AddActivityPropagation();
        }

        silo.Services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterAddressOptions>>(
            static (cluster, address) => (cluster.ServiceId, cluster.ClusterId) = (address.Value.ServiceId, address.Value.ClusterId));
        silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<ClusterAddressOptions>>(static (endpoints, address) =>
        {
            endpoints.AdvertisedIPAddress = Resolve(address.Value.Address);
            (endpoints.SiloPort, endpoints.GatewayPort) = (address.Value.SiloPort, address.Value.GatewayPort);
            endpoints.GatewayListeningEndpoint = address.Value.GatewayListenPort is { } port ? new IPEndPoint(endpoints.AdvertisedIPAddress, port) : null;
        });

        silo.UseRedisClustering(static _ => { });
        silo.Services.AddOptions<RedisClusteringOptions>().Configure<IOptions<RedisOptions>>(
            static (clustering, redis) => clustering.ConfigurationOptions = redis.Value.ToConfiguration());
        silo.UseRedisReminderService(static _ => { });
        silo.Services.AddOptions<RedisReminderTableOptions>().Configure<IOptions<RedisOptions>>(
            static (reminders, redis) => reminders.ConfigurationOptions = redis.Value.ToConfiguration());
        silo.AddRedisGrainStorage(EntityServices.StorageName, static storage => storage.Configure<IOptions<RedisOptions>>(static (options, redis) =>
        {
            options.ConfigurationOptions = redis.Value.ToConfiguration();
            options.GrainStorageSerializer = new RecordJson();
            options.DeleteStateOnClear = true;
        }));
    }

    /// <summary>An address, or the first one of a name.</summary>
    private static IPAddress Resolve(string address) => IPAddress.TryParse(address, out var known) ? known : Dns.GetHostAddresses(address)[0];
}
