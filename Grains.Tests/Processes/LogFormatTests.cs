using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ControlPlane.Processes;

public sealed class LogFormatTests
{
    private static readonly TimeSpan SaysWithin = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Silo", "Redis does not answer yet")]
    [InlineData("Gateway", "Now listening on")]
    public async Task With_the_format_json_each_line_of_the_log_is_an_object_with_the_events_id(string program, string last)
    {
        using var process = Start(program);
        using var limit = new CancellationTokenSource(SaysWithin);
        try
        {
            // A silo's log is its standard output.
            var log = program == "Silo" ? process.StandardOutput : process.StandardError;
            for (var said = ""; !said.Contains(last, StringComparison.Ordinal);)
            {
                said = await log.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("It ended.");
                Assert.Equal(JsonValueKind.Number, JsonDocument.Parse(said).RootElement.GetProperty("EventId").ValueKind);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(string program)
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo(Path.Combine(RunningCluster.Root(), program, "bin", configuration, "net10.0", $"ControlPlane.{program}"))
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        string Free() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
        start.Environment["Logging__Console__FormatterName"] = "json";
        start.Environment["Redis__Connection"] = $"127.0.0.1:{Free()}";
        start.Environment["Workers__JoinToken"] = new string('j', 32);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Free()}";
        (start.Environment["Cluster__SiloPort"], start.Environment["Cluster__GatewayPort"]) = (Free(), Free());
        return Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
    }
}
