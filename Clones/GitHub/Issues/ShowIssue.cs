using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;

namespace ControlPlane.GitHub.Issues;

/// <summary><c>GET /repos/{owner}/{repo}/issues/{number}</c>.</summary>
internal static class ShowIssue
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call) =>
        IssueGuards.ToRead(repository.Facts, call) is { } refusal ? refusal
        : !repository.Issues.TryGetValue(call.Number, out var issue) ? Refusals.NotFound(call.Route)
        : Answer.Ok(IssueJson.Of(issue, repository.Facts, state.User, call.Links)) with { LastModified = issue.UpdatedAt };
}
