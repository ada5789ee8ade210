using ControlPlane.Processes;

namespace ControlPlane.Telemetry;

/// <summary>A cluster whose processes send to a collector of the test's own.</summary>
public sealed class TelemetryCluster() : RunningCluster("http", 8600, "up")
{
    private Collector? _collector;

    internal Collector Collector => _collector ?? throw new InvalidOperationException("It is started before the first test.");

    protected override IReadOnlyDictionary<string, string> Variables => Collector.Environment;

    public override async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
