using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ControlPlane;

/// <summary>One run of one target.</summary>
/// <param name="CpuMicroseconds">Of the target's own processes, for each request.</param>
internal sealed record Run(double Rate, double CpuMicroseconds, double P99Microseconds);

/// <summary>The programs that make the load.</summary>
internal static partial class Wrk
{
    public static Run Measure(Target target, Workload workload, int connections, double seconds)
    {
        var script = Path.Combine(Path.GetTempPath(), $"wrk-{workload.Name}-{Environment.ProcessId}.lua");
        File.WriteAllText(script, workload.Script ?? "");
        var before = target.ProcessorSeconds;
        var printed = Output("wrk", "-t1", $"-c{connections}", $"-d{seconds.ToString(CultureInfo.InvariantCulture)}s", "--latency", "-s", script,
            "-H", $"Authorization: Bearer {target.Token}", target.Url + workload.Path);
        var used = target.ProcessorSeconds - before;
        File.Delete(script);
        if (printed.Contains("Non-2xx", StringComparison.Ordinal) || printed.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{target.Name} did not answer all of {workload.Name} well:\n{printed}");
        }

        var requests = Number(RequestsLine().Match(printed).Groups[1].Value);
        var p99 = P99Line().Match(printed);
        return new Run(
            Number(RateLine().Match(printed).Groups[1].Value), used / requests * 1e6,
            Number(p99.Groups[1].Value) * Unit(p99.Groups[2].Value));
    }

    /// <summary>The 99th percentile in microseconds at a fixed rate.</summary>
    public static double MeasureAt(Target target, string load, double rate, int connections, double seconds) => Number(Output(
        "dotnet", load, target.Url + Workload.All[0].Path, rate.ToString("F0", CultureInfo.InvariantCulture),
        seconds.ToString(CultureInfo.InvariantCulture), connections.ToString(CultureInfo.InvariantCulture), $"Authorization: Bearer {target.Token}").Split(' ')[2]);

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed: {text}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Unit(string word) => word switch { "us" => 1, "ms" => 1_000, _ => 1_000_000 };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestsLine();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P99Line();
}
