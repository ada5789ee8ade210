using System.CommandLine;

namespace ControlPlane.Commands;

/// <summary>Options that mean the same wherever they stand.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Write the answer as JSON." };

    public static Option<string> Workspace { get; } = new("--workspace")
    {
        Description = "The workspace to act in, for users in several. Default: ARCHAL_WORKSPACE_ID.",
        HelpName = "id",
        Recursive = true,
    };

    public static Option<string?> Profile { get; } = new("--profile")
    {
        Description = "Whose credentials and configuration to use. Default: ARCHAL_PROFILE.",
        HelpName = "name",
        Recursive = true,
    };

    public static Option<bool> Insecure { get; } = new("--insecure")
    {
        Description = "Let the token go over plain http to another machine.",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Tell on standard error what is asked of the server.",
        Recursive = true,
    };
}
