using System.Collections.Immutable;

namespace ControlPlane.GitHub.Repositories;

/// <summary>The nine labels that GitHub gives every new repository.</summary>
internal static class DefaultLabels
{
    private static readonly (string Name, string Color, string Description)[] Known =
    [
        ("bug", "d73a4a", "Something isn't working"),
        ("documentation", "0075ca", "Improvements or additions to documentation"),
        ("duplicate", "cfd3d7", "This issue or pull request already exists"),
        ("enhancement", "a2eeef", "New feature or request"),
        ("good first issue", "7057ff", "Good for newcomers"),
        ("help wanted", "008672", "Extra attention is needed"),
        ("invalid", "e4e669", "This doesn't seem right"),
        ("question", "d876e3", "Further information is requested"),
        ("wontfix", "ffffff", "This will not be worked on"),
    ];

    /// <param name="lastId">The id of the last label that there is.</param>
    public static ImmutableArray<Label> From(long lastId) =>
        [.. Known.Select((label, index) => new Label(lastId + index + 1, label.Name, label.Color, label.Description, Default: true))];
}
