using System.Runtime.Versioning;
using ControlPlane.Output;

namespace ControlPlane.Files;

/// <summary>
/// The folder of the program's own files: <c>ARCHAL_HOME</c>, or <c>.archal</c> in the user's. Files are for their owner alone, appear
/// whole or not at all, and are refused when somebody else could have read or written them.
/// </summary>
internal sealed class ArchalHome
{
    // What is stored here is a few hundred bytes; more is not ours.
    private const int LongestFile = 64 * 1024;

    private const string OwnFolder = "export ARCHAL_HOME=\"$HOME/.archal\"";

    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnlyFile | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Others =
        WritableByOthers | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _folder = Path.GetFullPath(
        ArchalVariables.Read(ArchalVariables.Home)
        ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".archal"));

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <returns>Null when there is no such file.</returns>
    public byte[]? Read(string name)
    {
        var path = PathOf(name);
        if (!OperatingSystem.IsWindows() && !MayRead(path))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[LongestFile];
            return content[..file.ReadAtLeast(content, LongestFile, throwOnEndOfStream: false)];
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Replaces the file in one step, so that of two writers at once one wins whole. A link or a stranger's file in its place is
    /// replaced, never followed.
    /// </summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        MakeFolder();
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnlyFile;
        }

        var temporary = PathOf($".{name}.{Guid.NewGuid():n}");
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, PathOf(name), overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Changes the file from what it is, one process at a time: of many at once nobody's change is lost. Reading needs no turn, since what is
    /// there is always whole.
    /// </summary>
    /// <param name="change">Null for a file that is not there, and to delete it.</param>
    /// <exception cref="CommandFailure">Another process has held its turn for longer than any change takes.</exception>
    public void Update(string name, Func<byte[]?, byte[]?> change)
    {
        MakeFolder();
        using var turn = Turn.Take(PathOf($".{name}.lock"), OwnerOnlyFile);
        if (change(ReadToReplace(name)) is { } content)
        {
            Write(name, content);
        }
        else
        {
            Delete(name);
        }
    }

    /// <returns>False when there was no such file.</returns>
    public bool Delete(string name)
    {
        var file = new FileInfo(PathOf(name));
        var existed = file.Exists || file.LinkTarget is not null;
        if (existed)
        {
            file.Delete();
        }

        return existed;
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, OwnerOnlyFolder);
            RefuseOpenFolder();
        }
    }

    // What cannot be trusted is not taken over but replaced.
    private byte[]? ReadToReplace(string name)
    {
        try
        {
            return Read(name);
        }
        catch (CommandFailure)
        {
            return null;
        }
    }

    // Looking first and opening after is safe only because nobody else can write in the folder.
    [UnsupportedOSPlatform("windows")]
    private bool MayRead(string path)
    {
        if (FileFacts.Of(path, followLinks: false) is not { } file)
        {
            return false;
        }

        RefuseOpenFolder();
        var quoted = Shell.Quote(path);
        return file switch
        {
            { IsLink: true } => throw Refused(path, "is a link", $"rm {quoted}"),
            { IsOurs: false } => throw Refused(path, "belongs to another user", $"sudo chown \"$(id -u)\" {quoted}"),
            _ when (file.Mode & Others) != 0 => throw Refused(path, "can be read by others", $"chmod 600 {quoted}"),
            _ => true,
        };
    }

    [UnsupportedOSPlatform("windows")]
    private void RefuseOpenFolder()
    {
        // The folder may be a link: what matters is who can write where it leads.
        if (FileFacts.Of(_folder, followLinks: true) is not { } folder)
        {
            return;
        }

        if (!folder.IsOurs)
        {
            throw Refused(_folder, "belongs to another user", OwnFolder);
        }

        if ((folder.Mode & WritableByOthers) != 0)
        {
            // A folder with the sticky bit, such as /tmp, is meant for everybody and must stay so.
            var isShared = (folder.Mode & UnixFileMode.StickyBit) != 0;
            throw Refused(_folder, "can be written by others", isShared ? OwnFolder : $"chmod 700 {Shell.Quote(_folder)}");
        }
    }

    private static CommandFailure Refused(string path, string reason, string remedy) => new($"{path} {reason}. Mend it with: {remedy}");
}
