using Microsoft.AspNetCore.Http;

namespace ControlPlane.GitHub.Http;

/// <summary>The version of GitHub's API that is spoken here, and the header that asks for one.</summary>
internal static class ApiVersion
{
    public const string Only = "2022-11-28";

    private const string Header = "X-GitHub-Api-Version";

    /// <summary>The refusal of another version that was asked for; null when this one was, or none.</summary>
    public static Answer? Fault(IHeaderDictionary headers) =>
        headers[Header].ToString() is { Length: > 0 } version && version != Only ? Refusals.ApiVersionUnknown(version) : null;
}
