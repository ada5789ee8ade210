namespace ControlPlane.GitHub.Http;

/// <summary>The version of GitHub's API that is spoken here, and the header that asks for one.</summary>
internal static class ApiVersion
{
    public const string Header = "X-GitHub-Api-Version";
    public const string Only = "2022-11-28";
}
