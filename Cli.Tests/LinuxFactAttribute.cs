namespace ControlPlane;

/// <summary>A fact about signals, terminals and file owners, which is tried with tools that every Linux has.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Needs Linux.";
}
