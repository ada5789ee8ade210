using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ControlPlane.Runs;

/// <summary>
/// Ctrl-C at a terminal reaches the child without us: the terminal tells its whole foreground group. Sent on as well, it would be the
/// second Ctrl-C, which many programs take for "do not clean up, just die".
/// </summary>
internal static partial class ControllingTerminal
{
    private const int Interrupt = 2;
    private const int Quit = 3;

    public static bool HasTold(int signal) => signal is Interrupt or Quit && (OperatingSystem.IsWindows() || IsOurGroupInFront());

    private static bool IsOurGroupInFront()
    {
        try
        {
            using var terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return ForegroundGroup(terminal) == OwnGroup();
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int ForegroundGroup(SafeFileHandle terminal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();
}
