using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Telemetry;

public sealed class LogFormatTests
{
    [Fact]
    public async Task With_the_format_json_each_line_of_the_log_is_an_object_with_the_events_id_and_its_fields()
    {
        await using var program = await StandaloneProcess.StartInAsync(new Dictionary<string, string> { ["Logging__Console__FormatterName"] = "json" });
        await program.LoggedAsync("CloneWorker");

        var lines = program.Log.Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var started = lines.Find(line => line.GetProperty("EventId").GetInt32() == 7001);
        Assert.StartsWith("wrk-", started.GetProperty("State").GetProperty("WorkerId").GetString(), StringComparison.Ordinal);
    }
}
