using System.Diagnostics;

namespace ControlPlane.Running;

/// <summary>Runs a line as a user pastes it.</summary>
internal static class Bash
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string line, string? directory = null)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "",
        }) ?? throw new InvalidOperationException("bash did not start.");
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
