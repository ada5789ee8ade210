using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane;

/// <summary>The one place where a listener gets its limits, in every process alike. Kestrel's own are said even where its defaults are right.</summary>
public static class ListenerLimits
{
    /// <summary>For a process with a host: every address that it listens on is bounded, all of them together.</summary>
    public static IServiceCollection AddListenerLimits(this IServiceCollection services, ListenerRole role)
    {
        services.AddOptions<LimitOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IOptionsFactory<LimitOptions>>(provider => new Factory(
            role, provider.GetRequiredService<IConfiguration>(), provider.GetServices<IValidateOptions<LimitOptions>>()));
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((server, limits) => server.Bound(limits.Value));
        return services;
    }

    /// <summary>The first of all that a request meets in a gateway: whether there is room for it. It also tells which connections are quiet.</summary>
    public static IApplicationBuilder UseRequestBound(this IApplicationBuilder app)
    {
        var most = app.ApplicationServices.GetRequiredService<IOptions<LimitOptions>>().Value.MaxRequests;
        return app.Use(next => new RequestBound(most, next).HandleAsync);
    }

    /// <summary>What the server cannot read is answered like every other refusal (contract 2.4), and not bare.</summary>
    public static IApplicationBuilder UseEnvelopeForUnreadable(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        new UnreadableRequests(services.GetRequiredService<ILogger<UnreadableRequests>>()).ListenTo(services.GetRequiredService<DiagnosticListener>());
        return app;
    }

    /// <summary>For a listener without a host. It must come before its addresses are named.</summary>
    public static void Bound(this KestrelServerOptions server, LimitOptions limits)
    {
        var bound = new ConnectionBound(limits.EffectiveConnections, limits.EffectiveConnectionsPerAddress, limits.MakesRoom);
        server.ConfigureEndpointDefaults(listen => listen.Use(bound.Around));
        server.ConfigureHttpsDefaults(https => https.HandshakeTimeout = limits.HeaderTimeout);

        // Ours counts by address too, and what has been upgraded.
        server.Limits.MaxConcurrentConnections = null;
        server.Limits.MaxConcurrentUpgradedConnections = null;

        server.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        server.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        server.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        server.Limits.MaxRequestHeaderCount = limits.MaxHeaders;
        server.Limits.MaxRequestLineSize = limits.MaxRequestLineBytes;
        server.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        server.Limits.MinRequestBodyDataRate = Rate(limits.MinBodyBytesPerSecond, limits.RateGrace);
        server.Limits.MinResponseDataRate = Rate(limits.MinAnswerBytesPerSecond, limits.RateGrace);

        // How much waits in memory for one connection: what has been sent and not been read yet, and the other way round. Kestrel's own.
        server.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, limits.MaxHeaderBytes);
        server.Limits.MaxResponseBufferSize = 64 * 1024;

        // Kestrel's own but for the first; windows bound what an HTTP/2 caller may send ahead. Its header fields are in the total above.
        server.Limits.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        server.Limits.Http2.MaxRequestHeaderFieldSize = limits.MaxHeaderBytes;
        server.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
        server.Limits.Http2.InitialStreamWindowSize = 768 * 1024;
    }

    private static MinDataRate? Rate(int bytesPerSecond, TimeSpan grace) => bytesPerSecond == 0 ? null : new MinDataRate(bytesPerSecond, grace);

    /// <summary>Begins with what fits the role, where the options' own would be a gateway's; what is configured comes on top.</summary>
    private sealed class Factory(ListenerRole role, IConfiguration configuration, IEnumerable<IValidateOptions<LimitOptions>> checks)
        : OptionsFactory<LimitOptions>([], [], checks)
    {
        protected override LimitOptions CreateInstance(string name)
        {
            var limits = LimitOptions.For(role);
            configuration.GetSection(LimitOptions.Section).Bind(limits);
            return limits;
        }
    }
}
