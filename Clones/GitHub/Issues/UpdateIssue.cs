using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub.Issues;

/// <summary><c>PATCH /repos/{owner}/{repo}/issues/{number}</c>: what is sent changes, what is not stays.</summary>
internal static class UpdateIssue
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call)
    {
        if (!repository.Issues.TryGetValue(call.Number, out var before) && repository.Facts.HasIssues)
        {
            return Refusals.NotFound(call.Route);
        }

        var refusal = IssueGuards.ToWrite(repository.Facts, call) ?? call.Fault(IssueFields.OfUpdate) ?? IssueFields.ItemFault(call);
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
        var after = WithState(before!, call, state.User) with // Without issues the guard has refused.
        {
            Title = call.Text("title") ?? before!.Title,
            Body = call.Text("body", before!.Body),
            Labels = labels ?? before.Labels,
            Assignees = IssueFields.Assigned(call, state.User) ?? before.Assignees,
            UpdatedAt = call.Now,
        };
        return Answer.Ok(IssueJson.Of(after, labelled, state.User, call.Links)) with
        {
            Change = new GitHubChange { Repository = ReferenceEquals(labelled, repository.Facts) ? null : labelled, Issue = after },
        };
    }

    // A reason goes with a state: GitHub ignores one that comes alone.
    private static Issue WithState(Issue issue, Call call, User user) => (call.Text("state"), issue.Closed) switch
    {
        ("closed", false) => issue with
        {
            Closed = true,
            ClosedAt = call.Now,
            ClosedBy = user.Login,
            StateReason = ReasonToClose(call) ?? "completed",
        },
        ("closed", true) => issue with { StateReason = ReasonToClose(call) ?? issue.StateReason },
        ("open", true) => issue with { Closed = false, ClosedAt = null, ClosedBy = null, StateReason = "reopened" },
        _ => issue,
    };

    private static string? ReasonToClose(Call call) => call.Text("state_reason") is { } reason and not "reopened" ? reason : null;
}
