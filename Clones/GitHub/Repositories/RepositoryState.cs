using System.Collections.Immutable;
using ControlPlane.GitHub.Issues;

namespace ControlPlane.GitHub.Repositories;

/// <summary>A repository with all that it holds.</summary>
/// <param name="LastNumber">The number given last.</param>
internal sealed record RepositoryState(Repository Facts, ImmutableSortedDictionary<int, Issue> Issues, int OpenIssues, int LastNumber)
{
    public static RepositoryState New(Repository facts) => new(facts, ImmutableSortedDictionary<int, Issue>.Empty, 0, 0);

    public RepositoryState With(Issue issue)
    {
        var before = Issues.TryGetValue(issue.Number, out var old) && !old.Closed ? 1 : 0;
        return this with
        {
            Issues = Issues.SetItem(issue.Number, issue),
            OpenIssues = OpenIssues - before + (issue.Closed ? 0 : 1),
            LastNumber = Math.Max(LastNumber, issue.Number),
        };
    }
}
