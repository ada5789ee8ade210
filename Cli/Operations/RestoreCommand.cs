using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using ControlPlane.Commands;
using ControlPlane.Runs;

namespace ControlPlane.Operations;

/// <summary>Puts a backup in the place of a data directory's database: the program that owns such directories does it, and nothing else reads them.</summary>
internal sealed class RestoreCommand : ArchalCommand
{
    private const string Standalone = "ControlPlane.Standalone";

    private readonly Argument<string> _file = new("file") { Description = "What 'archal admin backup' has written." };

    private readonly Option<string> _data = new("--data") { Description = "The data directory. Nothing may run on it.", HelpName = "dir", Required = true };

    private readonly Option<string> _program = new("--program")
    {
        Description = $"The program that runs on that directory. Default: {Standalone}, from PATH.", HelpName = "path",
    };

    public RestoreCommand(TimeProvider time)
        : base("restore", "Put a backup in the place of what a data directory holds. Its process must be stopped.", time,
            "archal admin restore control-2026-11-22.db --data ./data",
            "archal admin restore control-2026-11-22.db --data ./data --program ./Standalone/bin/Release/net10.0/ControlPlane.Standalone")
    {
        Arguments.Add(_file);
        Options.Add(_data);
        Options.Add(_program);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var named = invocation.Parsed.GetValue(_program) ?? Standalone;
        var (file, data) = (invocation.Parsed.GetRequiredValue(_file), invocation.Parsed.GetRequiredValue(_data));
        var program = ExecutablePath.Find(named)
            ?? throw CommandFailure.WrongUse($"There is no program {named}. Name with --program the one that runs on {data}.");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--restore", file, "--data", data]))
                ?? throw new CommandFailure($"{program} did not start.");

            // Not cancelled by anything: it replaces the database whole or not at all, and says which.
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0 ? ExitCodes.Good : ExitCodes.Failure;
        }
        catch (Win32Exception refused)
        {
            throw new CommandFailure($"{program} cannot be started: {new Win32Exception(refused.NativeErrorCode).Message}.");
        }
    }
}
