using System.Diagnostics;

namespace ControlPlane.Files;

/// <summary>One process' turn at changing a file: a lock that its end gives back, however it ends.</summary>
internal static class Turn
{
    // A change takes milliseconds; only a process that was stopped in the middle holds its turn for longer.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <param name="path">Of the lock's own file, which stays: deleting it would let two in.</param>
    /// <exception cref="CommandFailure">Another process has it, and keeps it.</exception>
    public static FileStream Take(string path, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < Limit)
            {
                using var never = new ManualResetEventSlim();
                never.Wait(Pause);
            }
            catch (IOException held)
            {
                throw new CommandFailure($"{path} is held by another process ({held.Message}). End that one, and try again.");
            }
        }
    }
}
