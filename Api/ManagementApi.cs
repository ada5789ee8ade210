using System.Text.Json.Serialization;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Gateways;
using ControlPlane.Health;
using ControlPlane.Invitations;
using ControlPlane.Logins;
using ControlPlane.OpenApi;
using ControlPlane.Operations;
using ControlPlane.Runs;
using ControlPlane.Scenarios;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionOptions = ControlPlane.Sessions.SessionOptions;

namespace ControlPlane;

/// <summary>What a host gains: the management API, <c>/auth</c>, <c>/api</c>, <c>/health</c> and its description.</summary>
public static class ManagementApi
{
    /// <summary>
    /// Adds the management API. The host registers <see cref="Entities.IEntities"/>, <see cref="ISilos"/>, <see cref="Gateway"/> and
    /// <see cref="Admission"/>, because only it knows where the entities are, and binds <see cref="GatewayOptions"/> and <see cref="SessionOptions"/>.
    /// </summary>
    public static IServiceCollection AddManagementApi(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>();
        services.AddOptions<SessionOptions>();
        services.AddOptions<OperatorOptions>().BindConfiguration(OperatorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new CloneUrls(
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value,
            () => provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []));
        services.AddSingleton<ErrorAnswer>();
        services.AddSingleton<SessionAnswers>();
        services.AddSingleton<LoginLimits>();
        services.AddSingleton<SessionCreation>();
        services.AddSingleton(static provider => new StateRoom(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.MaxStateBytes));
        services.AddOptions<EventStreamOptions>().BindConfiguration(EventStreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EventStreams>();
        services.Configure<JsonOptions>(static json =>
        {
            // First in the chain: what crosses HTTP is known at build time and never looked at by reflection.
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
            json.SerializerOptions.DefaultIgnoreCondition = ContractsJson.Default.Options.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddApiDescription();

        // Its two lines for each request have the whole URL, and somebody's secret may be in one by mistake. What is refused has a line of ours.
        services.AddLogging(static logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));
        return services;
    }

    /// <summary>
    /// Maps the management API. Everything that reaches it and that it does not know is answered 404 in the envelope, so it comes last;
    /// what must not pay for routing comes before it.
    /// </summary>
    public static WebApplication MapManagementApi(this WebApplication app)
    {
        app.UseMiddleware<Answers>();
        app.UseRouting();
        app.UseMiddleware<Authentication>();

        app.MapHealth();
        app.MapApiDescription();
        app.MapDeviceLogin();
        app.MapDevicePage();
        app.MapRevocation();

        app.MapInvitations();

        var authenticated = app.MapGroup("").NeedCaller().KeepAudit();
        authenticated.MapAuth();
        authenticated.MapDeviceApproval();
        authenticated.MapCatalogue();
        authenticated.MapSessions();
        authenticated.MapCloneStates();
        authenticated.MapCloneFaults();
        authenticated.MapEvents();
        authenticated.MapWorkspaces();
        authenticated.MapApiKeys();
        authenticated.MapOperations();
        authenticated.MapMembers();
        authenticated.MapOpenInvitations();
        authenticated.MapTokens();
        authenticated.MapAudit();
        authenticated.MapUsage();
        authenticated.MapScenarios();
        authenticated.MapTraces();
        authenticated.MapRuns();
        return app;
    }
}
