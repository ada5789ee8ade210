using ControlPlane.GitHub.Issues;
using ControlPlane.GitHub.Repositories;

namespace ControlPlane.GitHub.Seeds;

/// <summary>One public repository with a history of issues: five open, three closed, two of them in other ways.</summary>
internal static class SmallProject
{
    private static readonly (string Title, string? Body, string[] Labels, bool Mine, string? Closed)[] Issues =
    [
        ("Set up continuous integration", "Run the tests on every push.", ["enhancement"], true, "completed"),
        ("Crash when the configuration file is missing", "1. Delete `config.json`\n2. Start\n\nA message would help.", ["bug"], true, null),
        ("Describe the installation in the README", null, ["documentation", "good first issue"], false, null),
        ("Support Windows paths", "Backslashes are not understood.", ["bug", "help wanted"], false, "completed"),
        ("Rewrite everything in another language", "It would be faster.", ["wontfix"], false, "not_planned"),
        ("Add a --verbose option", "Print what is read and written.", ["enhancement"], true, null),
        ("How do I set a proxy?", null, ["question"], false, null),
        ("Wrong exit code after a failed upload", "It is 0 and should be 1.", ["bug"], false, null),
    ];

    public static GitHubState From(GitHubState empty)
    {
        var founded = GitHubSeeds.Founded;
        var repository = new Repository
        {
            Id = empty.Last.Repository + 1,
            Name = "small-project",
            Description = "A small command-line tool",
            License = "mit",
            Language = "C#",
            Branches = ["main"],
            Topics = ["cli", "dotnet"],
            Labels = DefaultLabels.From(empty.Last.Label),
            CreatedAt = founded.AddDays(1),
            UpdatedAt = founded.AddDays(30),
            PushedAt = founded.AddDays(30),
        };
        var state = GitHubRules.Instance.Apply(empty, new GitHubChange { Repository = repository });
        return Issues.Select((issue, index) => (issue, index)).Aggregate(state, (before, next) =>
        {
            var created = founded.AddDays(2 + next.index);
            var closed = next.issue.Closed is null ? (DateTimeOffset?)null : created.AddHours(30);
            return GitHubRules.Instance.Apply(before, new GitHubChange
            {
                Issue = new Issue
                {
                    Id = empty.Last.Issue + 1 + next.index,
                    RepositoryId = repository.Id,
                    Number = 1 + next.index,
                    Title = next.issue.Title,
                    Body = next.issue.Body,
                    Labels = [.. next.issue.Labels.Select(name => repository.Labels.Single(label => label.Name == name).Id)],
                    Assignees = next.issue.Mine ? [empty.User.Login] : [],
                    Author = empty.User.Login,
                    Closed = closed is not null,
                    StateReason = next.issue.Closed,
                    ClosedBy = closed is null ? null : empty.User.Login,
                    ClosedAt = closed,
                    CreatedAt = created,
                    UpdatedAt = closed ?? created,
                },
            });
        });
    }
}
