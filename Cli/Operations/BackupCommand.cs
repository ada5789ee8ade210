using System.CommandLine;
using System.Globalization;
using ControlPlane.Commands;
using ControlPlane.Headers;
using ControlPlane.Output;

namespace ControlPlane.Operations;

/// <summary>Fetches a copy of all that a one-machine installation keeps, while it runs.</summary>
internal sealed class BackupCommand : ArchalCommand
{
    private readonly Argument<string> _file = new("file") { Description = "Where to write it. It must not be there yet." };

    public BackupCommand(TimeProvider time)
        : base("backup", "Write a consistent copy of all data into a file, while requests run. One machine; of a cluster copy its Redis.", time,
            "archal admin backup control-2026-11-22.db")
    {
        Arguments.Add(_file);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var file = Path.GetFullPath(invocation.Parsed.GetRequiredValue(_file));
        if (File.Exists(file))
        {
            throw CommandFailure.WrongUse($"{file} is there already, and a backup never replaces another. Name another file.");
        }

        // Whole or not there: what breaks off leaves nothing that looks like a backup.
        var part = file + ".part";
        try
        {
            string? moment;
            await using (var target = Create(part))
            {
                moment = await invocation.Server.CopyAsync("/api/admin/backup", HeaderNames.BackupMoment, target, cancellationToken);
                target.Flush(flushToDisk: true);
            }

            File.Move(part, file);
            var at = DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, out var known) ? Durations.Text(known) : "an unknown moment";
            Screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Backed up into {file}: {new FileInfo(file).Length} bytes, as of {at}."));
            Screen.WriteRemark("Whoever has this file has the digests of every key and the secrets of placements: keep it as you keep the data directory.");
            return ExitCodes.Good;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
