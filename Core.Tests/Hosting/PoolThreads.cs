using Microsoft.Win32.SafeHandles;

namespace ControlPlane.Hosting;

/// <summary>What Linux says of the threads of the pool. It is asked after every step of virtual time, so their files stay open. One thread asks.</summary>
internal static class PoolThreads
{
    private static readonly List<SafeFileHandle> Stats = [];
    private static readonly byte[] Line = new byte[512];
    private static int _count = -1;

    /// <summary>Whether a thread of the pool runs, or would if the machine had a processor for it: on a busy machine that can take long.</summary>
    public static bool AnyWorks()
    {
        if (ThreadPool.ThreadCount != _count)
        {
            _count = ThreadPool.ThreadCount;
            Open();
        }

        foreach (var stat in Stats)
        {
            if (State(stat) is { } state && state != 'S')
            {
                return true;
            }
        }

        return false;
    }

    private static void Open()
    {
        Stats.ForEach(stat => stat.Dispose());
        Stats.Clear();
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(thread, "comm")).StartsWith(".NET TP", StringComparison.Ordinal))
                {
                    Stats.Add(File.OpenHandle(Path.Combine(thread, "stat")));
                }
            }
            catch (IOException)
            {
                // It has ended.
            }
        }
    }

    /// <summary>"id (name) state …"; null when the thread has ended.</summary>
    private static char? State(SafeFileHandle stat)
    {
        try
        {
            var line = Line.AsSpan(0, RandomAccess.Read(stat, Line, 0));
            return (char)line[line.LastIndexOf((byte)')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
