namespace ControlPlane.Storage;

/// <summary>The one place where this process keeps things, held by an exclusive lock for as long as it runs.</summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>The name of the database in a data directory.</summary>
    public const string DatabaseFile = "control.db";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, DatabaseFile);

    public string OwnerToken => System.IO.Path.Combine(Path, "owner.token");

    public string Worker => System.IO.Path.Combine(Path, "worker");

    /// <exception cref="StartException">It is in use by another process, or cannot be written.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows() || Directory.Exists(full))
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data directory {full} cannot be made: {problem.Message}", problem);
        }

        try
        {
            // The system drops the lock with the process, however it ends.
            return new DataDirectory(full, new FileStream(
                System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new StartException($"The data directory {full} cannot be written: {problem.Message}", problem);
        }
        catch (IOException problem)
        {
            throw new StartException(
                $"The data directory {full} is in use by another process. Stop that one, or choose another directory with --data.", problem);
        }
    }

    public void Dispose() => _lock.Dispose();
}
