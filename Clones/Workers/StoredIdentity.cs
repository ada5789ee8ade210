using System.Text;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

/// <summary>
/// The id and the secret that a worker was given when it first joined, in its data directory: by them it is the same worker wherever it is
/// started again. The secret is for its owner's eyes alone.
/// </summary>
internal sealed record StoredIdentity(string WorkerId, string Secret)
{
    private const string SecretFile = "worker-secret";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>What the directory holds; null when its worker has not joined yet.</summary>
    /// <exception cref="IOException">Others may read the secret, or the directory is of a worker that was never given one.</exception>
    public static StoredIdentity? In(string directory)
    {
        var (idPath, secretPath) = Paths(directory);
        if (!File.Exists(idPath))
        {
            return null;
        }

        if (!File.Exists(secretPath))
        {
            throw new IOException($"The worker in {directory} has run without joining, and its sessions are another control plane's. Give an empty directory.");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(secretPath) & Others) != 0)
        {
            throw new IOException($"Others can read {secretPath}. Whoever did could stand in for this worker: chmod 600 it, or begin with an empty directory.");
        }

        return new StoredIdentity(File.ReadAllText(idPath).Trim(), File.ReadAllText(secretPath).Trim());
    }

    public void Keep(string directory)
    {
        // The id comes last: a directory with an id has a secret, whatever cuts this short.
        var (idPath, secretPath) = Paths(directory);
        Directory.CreateDirectory(directory);
        DurableFiles.Replace(secretPath, Encoding.ASCII.GetBytes(Secret + "\n"), ownerOnly: true);
        DurableFiles.Replace(idPath, Encoding.ASCII.GetBytes(WorkerId + "\n"));
    }

    public override string ToString() => WorkerId;

    private static (string Id, string Secret) Paths(string directory) =>
        (Path.Combine(directory, DataDirectory.WorkerIdFile), Path.Combine(directory, SecretFile));
}
