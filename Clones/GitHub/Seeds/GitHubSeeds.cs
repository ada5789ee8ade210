using ControlPlane.GitHub.Users;
using ControlPlane.Sessions;

namespace ControlPlane.GitHub.Seeds;

/// <summary>The states that a clone can start from. They are built once and shared by all sessions: a state never changes.</summary>
internal static class GitHubSeeds
{
    public static readonly CatalogueClone Catalogue = new(
        "github",
        "GitHub",
        "GitHub's REST API: the user, repositories and issues.",
        [
            new CatalogueSeed("empty", "One user, octocat, who has nothing yet."),
            new CatalogueSeed("small-project", "One user, octocat, with one public repository, small-project, and eight issues."),
        ],
        Routes.Tools);

    // Long ago, so that everything a session does is later; fixed, so that two sessions of one seed begin alike.
    internal static readonly DateTimeOffset Founded = new(2024, 1, 15, 9, 0, 0, TimeSpan.Zero);

    private static readonly GitHubState Empty = GitHubRules.Instance.Apply(
        GitHubState.Nothing,
        new GitHubChange
        {
            User = new User(583231, "octocat", "The Octocat", "octocat@example.com", Founded),
            // GitHub's own ids have this many digits by now; clients that keep them in 32 bits should find out here.
            Last = new LastIds(Repository: 906_237_548, Issue: 2_800_000_000, Label: 7_900_000_000),
        });

    private static readonly Lazy<GitHubState> SmallProject = new(() => Seeds.SmallProject.From(Empty));

    public static GitHubState Named(string seed) => seed switch
    {
        "empty" => Empty,
        "small-project" => SmallProject.Value,
        _ => throw new ArgumentException($"There is no seed '{seed}'.", nameof(seed)),
    };
}
