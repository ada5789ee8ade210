using System.Security.Cryptography;

namespace ControlPlane.Running;

/// <summary>A data directory of a test's own, and what is in it to the byte.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("control-plane-").FullName;

    public string Database => System.IO.Path.Combine(Path, "control.db");

    public string Worker => System.IO.Path.Combine(Path, "worker");

    /// <summary>A copy of a directory, so that one start serves many tests.</summary>
    public static DataFolder CopyOf(string directory)
    {
        var copy = new DataFolder();
        foreach (var file in Files(directory))
        {
            var target = System.IO.Path.Combine(copy.Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!); // A file in a directory has one.
            File.Copy(System.IO.Path.Combine(directory, file), target);
        }

        return copy;
    }

    /// <summary>Every file with the digest of its bytes, in order.</summary>
    public IReadOnlyList<string> Contents() =>
        [.. Files(Path).Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(Bytes(System.IO.Path.Combine(Path, file))))}")];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal);

    /// <summary>Also of a file that its process holds.</summary>
    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
