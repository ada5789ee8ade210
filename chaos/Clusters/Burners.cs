using System.Diagnostics;

namespace ControlPlane.Clusters;

/// <summary>Processes that do nothing but keep the machine's processors busy, as neighbours do.</summary>
public sealed class Burners(int count) : IAsyncDisposable
{
    // They end with this process, however it ends.
    private static readonly string Burn = $"while kill -0 {Environment.ProcessId}; do i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; done 2>/dev/null";

    private readonly List<Process> _processes = [.. Enumerable.Range(0, count).Select(static _ => Process.Start("sh", ["-c", Burn]))];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
