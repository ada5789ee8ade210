using System.Runtime.InteropServices;

namespace ControlPlane.Journals;

/// <summary>File operations that are over only when they would survive the loss of power.</summary>
internal static partial class DurableFiles
{
    /// <summary>Puts a whole small file in place in one step: after a crash there is the old one or the new one.</summary>
    /// <param name="ownerOnly">Nobody but its owner may read it; it never was readable for anybody else.</param>
    public static void Replace(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false)
    {
        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (ownerOnly && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // A crash may have left one; it is made anew, so that its mode is what is asked for here.
        File.Delete(fresh);
        using (var file = new FileStream(fresh, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        FlushDirectoryOf(path);
    }

    /// <summary>
    /// A new or renamed file is found after a crash only if its directory has been flushed too. Windows writes names through by itself.
    /// </summary>
    public static void FlushDirectoryOf(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!; // Never a root: it is the directory of a file.
        var descriptor = Open(directory, 0);
        try
        {
            if (descriptor < 0 || Fsync(descriptor) != 0)
            {
                throw new IOException($"The directory {directory} could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            _ = descriptor < 0 ? 0 : Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
