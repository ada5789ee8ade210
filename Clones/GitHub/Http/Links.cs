namespace ControlPlane.GitHub.Http;

/// <summary>
/// Absolute addresses as the caller knows them: below the clone's public base URL, which each request brings along. The API is at
/// <c>/api</c>; what would be a page on GitHub's website is directly below the base.
/// </summary>
internal readonly record struct Links(string Web)
{
    public string Api => Web + "/api";

    public string Host => new Uri(Web).Authority;

    public string User(string login) => $"{Api}/users/{login}";

    public string Repository(string owner, string name) => $"{Api}/repos/{owner}/{name}";
}
