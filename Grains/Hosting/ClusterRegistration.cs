using ControlPlane.Entities;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Messages;
using ControlPlane.Operations;
using ControlPlane.Sessions;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ControlPlane.Hosting;

/// <summary>What a silo and a client of the cluster gain. Membership, storage and reminders are the host's.</summary>
public static class ClusterRegistration
{
    /// <summary>
    /// The entities as grains. The host adds a grain storage named <see cref="EntityServices.StorageName"/> with <c>RecordJson</c> as its
    /// serializer, reminders, and <c>IWorkerPorts</c>.
    /// </summary>
    public static ISiloBuilder AddEntities(this ISiloBuilder silo)
    {
        silo.Services.AddEntityOptions();
        silo.Services.TryAddSingleton(new EntityClock(TimeProvider.System));
        silo.Services.AddSingleton<EntityServices>();
        silo.Services.AddSingleton<Departure>();
        silo.Services.AddCalls();
        silo.Services.AddOptions<SiloMessagingOptions>().Configure<IOptions<FailoverOptions>, IOptions<LeaseOptions>>(
            static (messaging, failover, leases) => messaging.ResponseTimeout = CallLimits.Longest(failover.Value, leases.Value));
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<FailoverOptions>>(static (membership, failover) =>
        {
            membership.ProbeTimeout = failover.Value.Probe;
            membership.MaxProbeTimeout = failover.Value.LongestProbe;
            membership.NumMissedProbesLimit = failover.Value.Missed;
            // A silo may be the only other one: waiting for a second voice would leave two silos with a dead one for ever.
            membership.NumVotesForDeathDeclaration = 1;
            membership.IAmAliveTablePublishTimeout = failover.Value.Alive;
            membership.NumMissedTableIAmAliveLimit = 2;
            membership.TableRefreshTimeout = failover.Value.Alive * 2;
        });
        silo.AddOutgoingGrainCallFilter<CallLimits>();
        silo.Services.AddHostedService<Bootstrap>();
        silo.Services.AddHostedService<MembershipReader>();
        return silo;
    }

    /// <summary>The entities from outside: <see cref="IEntities"/>, and the door by which owners reach this process.</summary>
    public static IClientBuilder AddEntities(this IClientBuilder client)
    {
        client.Services.AddEntityOptions();
        client.Services.AddCalls();
        client.Services.AddSingleton<IGatewayDoor, ObserverDoor>();
        client.Services.AddSingleton<ISilos, ClusterSilos>();
        client.Services.AddOptions<ClientMessagingOptions>().Configure<IOptions<FailoverOptions>, IOptions<LeaseOptions>>(
            static (messaging, failover, leases) => messaging.ResponseTimeout = CallLimits.Longest(failover.Value, leases.Value));
        // The default looks for new silos once a minute: so long a client would miss a cluster that came back on other addresses.
        client.Services.AddOptions<Orleans.Configuration.GatewayOptions>().Configure<IOptions<FailoverOptions>>(
            static (gateways, failover) => gateways.GatewayListRefreshPeriod = failover.Value.Alive);
        client.AddOutgoingGrainCallFilter<CallLimits>();
        return client;
    }

    private static void AddCalls(this IServiceCollection services)
    {
        services.AddCoreMessages();
        services.AddSingleton<CallLimits>();
        services.AddSingleton<IEntities>(static services => new ClusterEntities(
            services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<CallLimits>(), services.GetService<IWorkerPorts>()));
    }

    private static void AddEntityOptions(this IServiceCollection services)
    {
        services.AddOptions<FailoverOptions>().BindConfiguration(FailoverOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LeaseOptions>().BindConfiguration(LeaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LoginOptions>().BindConfiguration(LoginOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WorkerPoolOptions>().BindConfiguration(WorkerPoolOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<UserOptions>().BindConfiguration(UserOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WorkspaceOptions>().BindConfiguration(WorkspaceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LeaseOptions>, LeaseOutlastsFailover>();
        services.AddSingleton(static services => new EntityOptions(
            services.GetRequiredService<IOptions<LeaseOptions>>().Value,
            services.GetRequiredService<IOptions<SessionOptions>>().Value,
            services.GetRequiredService<IOptions<WorkspaceOptions>>().Value,
            services.GetRequiredService<IOptions<WorkerPoolOptions>>().Value,
            services.GetRequiredService<IOptions<UserOptions>>().Value,
            services.GetRequiredService<IOptions<LoginOptions>>().Value));
    }
}
