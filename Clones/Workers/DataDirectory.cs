using System.Security.Cryptography;
using System.Text;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

/// <summary>
/// Where a worker lives: <c>worker-id</c>, <c>worker-secret</c> of one that has joined, <c>placements.journal</c>, <c>clones/</c> with one journal for each clone that has been written
/// to and one file of faults for each that has any, and <c>lock</c>, held as long as the worker runs.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    public const string WorkerIdFile = "worker-id";

    private readonly string _root;
    private readonly FileStream _lock;

    private DataDirectory(string root, FileStream held, string workerId)
    {
        _root = root;
        _lock = held;
        WorkerId = workerId;
    }

    /// <summary>Made once, here.</summary>
    public string WorkerId { get; }

    public string PlacementsPath => Path.Combine(_root, "placements.journal");

    private string ClonesPath => Path.Combine(_root, "clones");

    /// <exception cref="IOException">Another worker holds it, or it cannot be written.</exception>
    public static DataDirectory Open(string path)
    {
        var root = Path.GetFullPath(path);
        var fresh = !Directory.Exists(root);
        Directory.CreateDirectory(Path.Combine(root, "clones"));
        if (fresh)
        {
            DurableFiles.FlushDirectoryOf(root);
        }

        var held = Lock(root);
        try
        {
            return new DataDirectory(root, held, IdentityIn(root));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Session and clone are plain names that were checked when the placement was taken, so they cannot leave the directory.</summary>
    public string CloneFile(string session, string clone, long since) => Path.Combine(ClonesPath, $"{session}.{clone}.{since}.journal");

    public void DeleteAllBut(IEnumerable<string> files)
    {
        var kept = files.ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(ClonesPath).Where(file => !kept.Contains(file)))
        {
            File.Delete(file);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"The data directory {root} is in use by another worker, or cannot be written.", exception);
        }
    }

    private static string IdentityIn(string root)
    {
        var path = Path.Combine(root, WorkerIdFile);
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        var made = "wrk-" + RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", 26);
        DurableFiles.Replace(path, Encoding.ASCII.GetBytes(made + "\n"));
        return made;
    }
}
