using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ControlPlane.Running;

/// <summary>A program of its own that a test runs to its end: curl, python3, node.</summary>
internal static class Tool
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = RootOf();

    /// <summary>Runs it; what it printed is in the answer, and in the failure if it fails.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var limit = new CancellationTokenSource(EndsWithin);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }

    private static string RootOf([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(file, "..", "..", ".."));
}
