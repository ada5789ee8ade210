using System.CommandLine;

namespace ControlPlane.Config;

/// <summary>Holds the commands about a profile's configuration.</summary>
internal sealed class ConfigCommand : Command
{
    public ConfigCommand(TimeProvider time)
        : base("config", "Show and change what is configured for a profile.")
    {
        Subcommands.Add(new ShowConfigCommand(time));
        Subcommands.Add(new SetConfigCommand(time));
        Subcommands.Add(new UnsetConfigCommand(time));
        Subcommands.Add(new ConfigPathCommand(time));
    }
}
