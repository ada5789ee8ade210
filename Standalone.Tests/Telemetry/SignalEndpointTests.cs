using ControlPlane.Running;

namespace ControlPlane.Telemetry;

/// <summary>Traces and metrics may each have an endpoint of their own; what else is said of one of them alone counts too.</summary>
public sealed class SignalEndpointTests
{
    [Fact]
    public async Task With_an_endpoint_for_each_signal_and_none_for_both_each_goes_to_its_own_as_it_is_written()
    {
        await using var collector = await Collector.StartAsync();
        await using var program = await StandaloneProcess.StartInAsync(Soon(new()
        {
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{collector.Address}/spans/traces",
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "x-collector-token=for%20traces",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{collector.Address}/numbers/metrics",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
        }));

        await program.CreateKeyAsync();

        await collector.UntilAsync("both have arrived", (spans, points) => spans.Count > 0 && points.Count > 0);
        Assert.Equal([("/numbers/metrics", ""), ("/spans/traces", "for traces")], collector.Doors.Order());
    }

    [Fact]
    public async Task A_signal_without_its_own_endpoint_goes_to_the_one_for_both()
    {
        await using var both = await Collector.StartAsync();
        await using var traces = await Collector.StartAsync();
        await using var program = await StandaloneProcess.StartInAsync(Soon(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = both.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-collector-token=for-both",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{traces.Address}/v1/traces",
        }));

        await program.CreateKeyAsync();

        await both.UntilAsync("the metrics have arrived", (_, points) => points.Count > 0);
        await traces.UntilAsync("the traces have arrived", (spans, _) => spans.Count > 0);
        Assert.Equal([("/v1/metrics", "for-both")], both.Doors);
        Assert.Equal([("/v1/traces", "for-both")], traces.Doors);
    }

    private static Dictionary<string, string> Soon(Dictionary<string, string> variables)
    {
        (variables["OTEL_METRIC_EXPORT_INTERVAL"], variables["OTEL_BSP_SCHEDULE_DELAY"]) = ("500", "100");
        return variables;
    }
}
