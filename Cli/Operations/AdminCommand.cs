using System.CommandLine;

namespace ControlPlane.Operations;

/// <summary>What the operator of an installation sees and does: over all workspaces, with a token of an owner of the first one.</summary>
internal sealed class AdminCommand : Command
{
    public AdminCommand(TimeProvider time)
        : base("admin", "Operate the installation: with the token of an owner of its first workspace.")
    {
        Subcommands.Add(new AdminStatusCommand(time));
        Subcommands.Add(new Command("gateways", "The processes that let requests in.") { new EvictGatewayCommand(time) });
        Subcommands.Add(new Command("workers", "The processes that run clones.") { new DrainWorkerCommand(time) });
        Subcommands.Add(new Command("sessions", "Sessions of any workspace.") { new WhyCommand(time) });
        Subcommands.Add(new BackupCommand(time));
        Subcommands.Add(new RestoreCommand(time));
    }
}
