namespace ControlPlane;

/// <summary>The environment variables of the contract. A variable that is set to nothing counts as not set.</summary>
internal static class ArchalVariables
{
    public const string ApiUrl = "ARCHAL_API_URL";
    public const string Token = "ARCHAL_TOKEN";
    public const string Home = "ARCHAL_HOME";
    public const string Profile = "ARCHAL_PROFILE";
    public const string WorkspaceId = "ARCHAL_WORKSPACE_ID";

    public static string? Read(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
