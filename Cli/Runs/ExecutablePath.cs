using System.Runtime.Versioning;

namespace ControlPlane.Runs;

/// <summary>
/// Finds a command as a shell would. Left to itself, .NET looks beside this program and in the working folder before <c>PATH</c>, so that
/// a file named <c>git</c> in a strange repository would be run for git.
/// </summary>
internal static class ExecutablePath
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <returns>Null when there is no such command.</returns>
    public static string? Find(string command)
    {
        if (OperatingSystem.IsWindows())
        {
            // Its own rules for extensions are the system's.
            return command;
        }

        if (command.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(command) ? Path.GetFullPath(command) : null;
        }

        // An empty entry in PATH once meant the working folder; here it means nothing. Nor does an empty command mean anything.
        return command.Length == 0
            ? null
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.GetFullPath(Path.Combine(folder, command)))
                .FirstOrDefault(IsExecutable);
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsExecutable(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != 0;
}
