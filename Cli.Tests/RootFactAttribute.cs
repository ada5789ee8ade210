namespace ControlPlane;

/// <summary>A fact that needs a file of somebody else's, which root alone can make.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "Needs root on Linux.";
}
