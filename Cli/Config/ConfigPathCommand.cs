using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Config;

/// <summary>Where the configuration is kept, whether or not it is there yet.</summary>
internal sealed class ConfigPathCommand(TimeProvider time)
    : ArchalCommand("path", "Print the path of the configuration file.", time, "archal config path")
{
    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        Screen.WriteLine(invocation.Configuration.Path);
        return Task.FromResult(ExitCodes.Good);
    }
}
