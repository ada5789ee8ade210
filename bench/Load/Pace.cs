using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ControlPlane;

/// <summary>
/// Sends each request when it is due, round robin over the connections, and counts from then: an answer that is late also makes those late
/// that wait behind it, as it would for callers (no coordinated omission).
/// </summary>
internal sealed class Pace : IDisposable
{
    /// <summary>How long the pacing thread sleeps when nothing is due: the resolution of what is measured.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMicroseconds(50);

    private readonly Line[] _lines;

    public Pace(Uri url, byte[] request, int connections) =>
        _lines = [.. Enumerable.Range(0, connections).Select(_ => new Line(url, request))];

    /// <summary>The latency of each request, in microseconds.</summary>
    public double[] Run(double rate, double seconds)
    {
        var total = (int)(rate * seconds);
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < total;)
        {
            var due = began + (long)(number / rate * Stopwatch.Frequency);
            if (Stopwatch.GetTimestamp() >= due)
            {
                _lines[number++ % _lines.Length].Due(due);
            }
            else
            {
                Sleep(Nap);
            }
        }

        return [.. _lines.SelectMany(line => line.Take())];
    }

    public void Dispose() => Array.ForEach(_lines, line => line.Dispose());

    private static void Sleep(TimeSpan time)
    {
        var wanted = new Timespec(0, (nint)(time.TotalMicroseconds * 1000));
        _ = NanoSleep(in wanted, 0);
    }

    // A sleep of the runtime's is a millisecond at least: as long as what is measured.
    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in Timespec wanted, nint left);

    private readonly record struct Timespec(nint Seconds, nint Nanoseconds);
}
