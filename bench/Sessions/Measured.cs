using System.Diagnostics;
using System.Globalization;

namespace ControlPlane;

/// <summary>Many calls, each with the time that it took.</summary>
internal static class Measured
{
    public static async Task<double[]> EachAsync(int count, int atOnce, Func<int, Task> callAsync)
    {
        var took = new double[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                var began = Stopwatch.GetTimestamp();
                await callAsync(number);
                took[number] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }
        })));
        Array.Sort(took);
        return took;
    }

    public static string Text(double[] ordered) => string.Create(
        CultureInfo.InvariantCulture, $"p50 {At(ordered, 0.5):F1} µs, p99 {At(ordered, 0.99):F1} µs");

    public static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static double At(double[] ordered, double share) => ordered[Math.Min(ordered.Length - 1, (int)(ordered.Length * share))];
}
