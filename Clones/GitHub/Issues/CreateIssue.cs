using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;

namespace ControlPlane.GitHub.Issues;

/// <summary><c>POST /repos/{owner}/{repo}/issues</c>. Labels that the repository has not are made.</summary>
internal static class CreateIssue
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call)
    {
        var refusal = IssueGuards.ToWrite(repository.Facts, call) ?? call.Fault(IssueFields.OfCreate) ?? IssueFields.ItemFault(call);
        if (refusal is not null)
        {
            return refusal;
        }

        FieldError[] errors = [.. IssueFields.Faults(call, state.User)];
        if (errors.Length > 0)
        {
            return Refusals.Invalid(call.Route, errors);
        }

        var (labelled, labels) = IssueFields.Labelled(state, repository.Facts, call);
        var issue = new Issue
        {
            Id = state.Last.Issue + 1,
            RepositoryId = labelled.Id,
            Number = repository.LastNumber + 1,
            Title = call.Text("title")!, // Its shape requires it.
            Body = call.Text("body", null),
            Labels = labels ?? [],
            Assignees = IssueFields.Assigned(call, state.User) ?? [],
            Author = state.User.Login,
            CreatedAt = call.Now,
            UpdatedAt = call.Now,
        };
        var location = $"{call.Links.Repository(state.User.Login, labelled.Name)}/issues/{issue.Number}";
        return Answer.Created(IssueJson.Of(issue, labelled, state.User, call.Links), location) with
        {
            Change = new GitHubChange { Repository = ReferenceEquals(labelled, repository.Facts) ? null : labelled, Issue = issue },
        };
    }
}
