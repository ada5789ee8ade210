using System.Text.Json.Serialization.Metadata;
using ControlPlane.GitHub.Issues;
using ControlPlane.GitHub.Repositories;
using ControlPlane.Journals;

namespace ControlPlane.GitHub;

/// <summary>How a clone's state is made of changes.</summary>
internal sealed class GitHubRules : IJournaled<GitHubState, GitHubChange>
{
    public static readonly GitHubRules Instance = new();

    public GitHubState Nothing => GitHubState.Nothing;

    public JsonTypeInfo<GitHubChange> Json => GitHubJson.Default.GitHubChange;

    public GitHubState Apply(GitHubState state, GitHubChange change)
    {
        state = change.Replaced is { } all ? all.Aggregate(Nothing, Apply) : state;
        state = change.User is { } user ? state with { User = user } : state;
        state = change.Repository is { } repository ? With(state, repository) : state;
        state = change.RemovedRepository is { } id ? Without(state, id) : state;
        state = change.Issue is { } issue ? With(state, issue) : state;
        state = change.FormerNames is { } names ? state with { Names = state.Names.SetItems(names) } : state;
        return change.Last is { } last ? state with { Last = last } : state;
    }

    public IEnumerable<GitHubChange> Export(GitHubState state)
    {
        yield return new GitHubChange { User = state.User };
        foreach (var repository in state.Repositories.Values)
        {
            yield return new GitHubChange { Repository = repository.Facts };
            foreach (var issue in repository.Issues.Values)
            {
                yield return new GitHubChange { Issue = issue };
            }
        }

        var former = state.Names.Where(name => !state.IsTaken(name.Key)).ToDictionary(name => name.Key, name => name.Value);
        yield return new GitHubChange { FormerNames = former, Last = state.Last };
    }

    private static GitHubState With(GitHubState state, Repository facts) => state with
    {
        Repositories = state.Repositories.SetItem(
            facts.Id,
            state.Repositories.TryGetValue(facts.Id, out var known) ? known with { Facts = facts } : RepositoryState.New(facts)),
        Names = state.Names.SetItem(facts.Name, facts.Id),
        Last = state.Last with
        {
            Repository = Math.Max(state.Last.Repository, facts.Id),
            Label = facts.Labels.Aggregate(state.Last.Label, static (last, label) => Math.Max(last, label.Id)),
        },
    };

    private static GitHubState Without(GitHubState state, long id) => state with
    {
        Repositories = state.Repositories.Remove(id),
        Names = state.Names.RemoveRange(state.Names.Where(name => name.Value == id).Select(name => name.Key)),
    };

    private static GitHubState With(GitHubState state, Issue issue) => state with
    {
        Repositories = state.Repositories.SetItem(issue.RepositoryId, state.Repositories[issue.RepositoryId].With(issue)),
        Last = state.Last with { Issue = Math.Max(state.Last.Issue, issue.Id) },
    };
}
