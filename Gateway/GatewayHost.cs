using ControlPlane.Entities;
using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;

namespace ControlPlane;

/// <summary>A gateway of the cluster: the data path and the management API over a client of the silos. It keeps nothing.</summary>
public static class GatewayHost
{
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddLogFormat();

        // Four lines for each call of the management API say nothing that its own do not.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // Together, so that it answers, and says that it is not ready, while it still looks for the silos. Streams that never end are not
        // waited for longer than this when it stops.
        builder.Services.Configure<HostOptions>(host => (host.ServicesStartConcurrently, host.ShutdownTimeout) = (true, TimeSpan.FromSeconds(10)));
        builder.Services.AddOptions<RedisOptions>().BindConfiguration(RedisOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ClusterAddressOptions>().BindConfiguration(ClusterAddressOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddListenerLimits(ListenerRole.Public);
        builder.UseOrleansClient(AddCluster);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new Gateway(
            services.GetRequiredService<IEntities>(), services.GetRequiredService<IGatewayDoor>(), Value<LeaseOptions>(services), TimeProvider.System));
        builder.Services.AddSingleton(services => new RefusedTokens(TimeProvider.System, Value<Gateways.GatewayOptions>(services).RefusedTokensPerMinute));
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>, LeaseWhileConnected>();
        builder.Services.AddCloneProxy();
        builder.Services.AddManagementApi();
        builder.Services.AddTelemetryExport("archal-gateway");

        var app = builder.Build();
        app.UseEnvelopeForUnreadable();
        app.UseRequestBound();
        app.UseCloneProxy();
        app.MapManagementApi();
        return app;
    }

    private static void AddCluster(IClientBuilder client)
    {
        client.AddEntities();
        client.Services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterAddressOptions>>(
            static (cluster, address) => (cluster.ServiceId, cluster.ClusterId) = (address.Value.ServiceId, address.Value.ClusterId));
        client.UseRedisClustering(static _ => { });
        client.Services.AddOptions<RedisClusteringOptions>().Configure<IOptions<RedisOptions>>(
            static (clustering, redis) => clustering.ConfigurationOptions = redis.Value.ToConfiguration());
        client.UseConnectionRetryFilter<KeepLooking>();
        if (TelemetryExport.TracesAreAsked)
        {
            client.AddActivityPropagation();
        }
    }

    private static T Value<T>(IServiceProvider services) where T : class => services.GetRequiredService<IOptions<T>>().Value;
}
