using System.Diagnostics;

namespace ControlPlane.Clusters;

/// <summary>Processes that do nothing but keep the machine's processors busy, as neighbours do.</summary>
public sealed class Burners(int count) : IAsyncDisposable
{
    private readonly List<Process> _processes = [.. Enumerable.Range(0, count).Select(static _ => Process.Start("sh", ["-c", "while :; do :; done"]))];

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
