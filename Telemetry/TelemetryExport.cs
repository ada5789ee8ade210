using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ControlPlane;

/// <summary>
/// Sends traces and metrics over OTLP when the standard environment variables ask for it, in each process alike. Where no endpoint is named
/// nothing is set up at all: nobody listens, so nothing is recorded.
/// </summary>
public static class TelemetryExport
{
    /// <summary>The name of our own meters and spans.</summary>
    private const string Ours = "archal";

    /// <summary>What the framework measures itself: its runtime, its server, the engine of the cluster. Their tags are small sets too.</summary>
    private static readonly string[] Theirs =
        ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans"];

    /// <summary>Whether spans are to be exported; the engine of the cluster passes traces on only then.</summary>
    public static bool TracesAreAsked { get; } = IsAsked("TRACES", Environment.GetEnvironmentVariable);

    private static bool MetricsAreAsked { get; } = IsAsked("METRICS", Environment.GetEnvironmentVariable);

    /// <summary>For processes with a host.</summary>
    /// <param name="service">The name of the service, unless <c>OTEL_SERVICE_NAME</c> gives another.</param>
    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, string service)
    {
        if (TracesAreAsked || MetricsAreAsked)
        {
            Compose(services.AddOpenTelemetry(), service);
        }

        return services;
    }

    /// <summary>For a process without one. What it answers sends what is left when it is disposed; null when nothing is to be sent.</summary>
    public static IDisposable? Start(string service) =>
        TracesAreAsked || MetricsAreAsked ? OpenTelemetrySdk.Create(builder => Compose(builder, service)) : null;

    /// <summary>What the specification of OpenTelemetry says of its environment variables.</summary>
    internal static bool IsAsked(string signal, Func<string, string?> variable) =>
        !string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(variable($"OTEL_{signal}_EXPORTER"), "none", StringComparison.OrdinalIgnoreCase)
        && (variable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 } || variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 });

    private static void Compose(IOpenTelemetryBuilder builder, string service)
    {
        var version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3);

        // The environment comes last, so that it has the last word.
        builder.ConfigureResource(resource => resource.AddService(service, serviceVersion: version).AddEnvironmentVariableDetector());
        if (TracesAreAsked)
        {
            builder.WithTracing(static tracing => tracing
                .AddSource(Ours).AddSource("Microsoft.Orleans.Application").AddProcessor(new NoRootsOfTheEngine())
                .AddOtlpExporter(static exporter => TakeOwn(exporter, "TRACES")));
        }

        if (MetricsAreAsked)
        {
            builder.WithMetrics(static metrics => metrics.AddMeter(Ours).AddMeter(Theirs)
                .AddOtlpExporter(static exporter => TakeOwn(exporter, "METRICS")));
        }
    }

    /// <summary>
    /// What a signal's own variables say goes before those for both, which are all that the exporter reads by itself. What cannot be read is
    /// passed over, as it does.
    /// </summary>
    private static void TakeOwn(OtlpExporterOptions exporter, string signal)
    {
        exporter.Protocol = Own("PROTOCOL") switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => exporter.Protocol,
        };

        // It is used as it is: no path of the signal's is put behind it.
        if (Uri.TryCreate(Own("ENDPOINT"), UriKind.Absolute, out var endpoint))
        {
            exporter.Endpoint = endpoint;
        }

        if (Own("HEADERS") is { Length: > 0 } headers)
        {
            exporter.Headers = headers;
        }

        if (int.TryParse(Own("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            exporter.TimeoutMilliseconds = milliseconds;
        }

        string? Own(string name) => Environment.GetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{signal}_{name}");
    }
}
