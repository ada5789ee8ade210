using System.Diagnostics;

namespace ControlPlane.Durability;

/// <summary>A file system of a few megabytes, in memory, that a test can fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("control-plane-disk-").FullName;

    public SmallDisk(int megabytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=700", "tmpfs", _path))
        {
            throw new InvalidOperationException("It cannot be mounted.");
        }
    }

    public string Data => Path.Combine(_path, "data");

    private string Filler => Path.Combine(_path, "filler");

    public static bool IsPossible { get; } = TryOnce();

    /// <summary>Takes all the space there is.</summary>
    public void Fill()
    {
        var block = new byte[4096];
        try
        {
            using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", "--lazy", _path);
        Directory.Delete(_path, recursive: true);
    }

    private static bool TryOnce()
    {
        try
        {
            using var disk = new SmallDisk(1);
            return true;
        }
        catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A fact that needs a small disk, which root alone can mount, and not in every container.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.IsPossible ? null : "A file system cannot be mounted here.";
}
