using System.Text;
using ControlPlane.Cors;
using ControlPlane.Errors;
using ControlPlane.Forwarding;
using ControlPlane.Gateways;
using ControlPlane.Headers;
using ControlPlane.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane;

/// <summary>What a host gains: requests to clones are answered.</summary>
public static class CloneProxyRegistration
{
    /// <summary>
    /// Adds the data path and its options. The host registers <see cref="Admission"/>, because only it knows where the entities are.
    /// </summary>
    public static IServiceCollection AddCloneProxy(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new CloneUrls(
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value,
            () => provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []));
        services.AddSingleton(static provider => new TargetReader(provider.GetRequiredService<IOptions<GatewayOptions>>().Value));
        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<RefusalAnswer>();
        services.AddSingleton<WorkerConnections>();
        services.AddSingleton<StillClock>();
        services.AddSingleton<CloneForwarder>();
        services.AddSingleton<CloneProxy>();
        services.AddHttpForwarder();

        // Lines for each request that goes well would cost more than the decision; what goes badly is in a line of our own.
        services.AddLogging(static logging => logging
            .AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));

        services.Configure<KestrelServerOptions>(static server =>
        {
            // What the clone says of itself is what the caller gets, and header values are bytes to us.
            server.AddServerHeader = false;
            server.RequestHeaderEncodingSelector = HeaderBytes.Of;
            server.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        return services;
    }

    /// <summary>Takes requests to clones. It comes first: before routing, and before anything that would read a decoded path.</summary>
    public static IApplicationBuilder UseCloneProxy(this IApplicationBuilder app)
    {
        var proxy = app.ApplicationServices.GetRequiredService<CloneProxy>();
        app.ApplicationServices.GetRequiredService<StillClock>();
        return app.Use(next => context => proxy.HandleAsync(context, next));
    }
}
