using System.Reflection;

namespace ControlPlane.Telemetry;

/// <summary>Whatever is logged or measured stands in docs/operations.md, with what to do.</summary>
public sealed class DocumentationTests
{
    private static readonly Assembly[] Assemblies =
    [
        typeof(Gateways.Gateway).Assembly, typeof(CloneProxyRegistration).Assembly, typeof(ManagementApi).Assembly, typeof(StandaloneHost).Assembly,
        typeof(Workers.CloneWorker).Assembly, typeof(LimitOptions).Assembly,
    ];

    [Fact]
    public void Every_log_event_is_named_and_documented()
    {
        var events = DocumentedNames.Events(Assemblies);

        Assert.True(events.Count >= 16, $"Only {events.Count} were found.");
        DocumentedNames.CheckEvents(events);
    }

    [Fact]
    public void Every_instrument_is_named_and_documented()
    {
        var instruments = DocumentedNames.Instruments(Assemblies);

        Assert.True(instruments.Count >= 20, $"Only {instruments.Count} were found.");
        DocumentedNames.CheckInstruments(instruments);
        Assert.Equal(
            DocumentedNames.Rows.Select(row => row[0]).Where(name => name.StartsWith("`archal.", StringComparison.Ordinal)).Order(),
            instruments.Select(instrument => $"`{instrument.Name}`").Order());
    }
}
