using System.Reflection;
using ControlPlane.Processes;

namespace ControlPlane.Telemetry;

/// <summary>Whatever any process logs or measures stands in docs/operations.md, and no name or id is used twice.</summary>
public sealed class ClusterDocumentationTests
{
    // As they are started: beside what each was built with.
    private static readonly Assembly[] Assemblies =
    [
        .. from name in (string[])["Core", "Proxy", "Api", "Grains", "Silo", "Gateway", "Clones", "Limits"]
           let host = name is "Proxy" or "Gateway" ? "Gateway" : name is "Clones" ? "Clones" : "Silo"
           let configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug"
           select Assembly.LoadFrom(Path.Combine(RunningCluster.Root(), host, "bin", configuration, "net10.0", $"ControlPlane.{name}.dll")),
    ];

    [Fact]
    public void Every_log_event_is_named_and_documented()
    {
        var events = DocumentedNames.Events(Assemblies);

        DocumentedNames.CheckEvents(events);

        // And the other way round: no row speaks of an event that is not.
        var rows = DocumentedNames.Rows.Where(row => row.Length == 5 && int.TryParse(row[0], out _) && !row[3].StartsWith("one process alone", StringComparison.Ordinal)).Select(row => $"{row[0]} {row[1]}");
        Assert.Equal(rows.Order(), events.Select(logged => $"{logged.EventId} `{logged.EventName}`").Order());
    }

    [Fact]
    public void Every_instrument_is_named_and_documented() => DocumentedNames.CheckInstruments(DocumentedNames.Instruments(Assemblies));
}
