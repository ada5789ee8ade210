using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub.Issues;

/// <summary><c>GET /repos/{owner}/{repo}/issues</c>: the open ones, newest first, unless asked otherwise.</summary>
internal static class ListIssues
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call)
    {
        var refusal = IssueGuards.Form(call) ?? ListFilter.Fault(
            call,
            "Issue",
            ("state", ["open", "closed", "all"]),
            ("sort", ["created", "updated", "comments"]),
            ("direction", ["asc", "desc"]));
        if (refusal is not null)
        {
            return refusal;
        }

        var found = Sorted(Matching(repository, state.User, call.Query), call.Query);
        var page = Page.Of(call.Query);
        return Answer.Ok(JsonBody.Of(json =>
        {
            json.WriteStartArray();
            foreach (var issue in page.From(found))
            {
                IssueJson.Write(json, issue, repository.Facts, state.User, call.Links, alone: false);
            }

            json.WriteEndArray();
        })) with
        {
            // By the repository's id, as GitHub links, so that a client goes on after the repository has been renamed.
            Link = page.LinkHeader(found.Count, $"{call.Links.Api}/repositories/{repository.Facts.Id}/issues", call.Query),
        };
    }

    private static IEnumerable<Issue> Matching(RepositoryState repository, User user, Query query)
    {
        var issues = repository.Issues.Values;
        var found = (query["state"] ?? "open") switch
        {
            "all" => issues,
            var state => issues.Where(issue => issue.Closed == (state == "closed")),
        };
        if (query["labels"] is { } labels)
        {
            var wanted = labels.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => repository.Facts.LabelNamed(name)?.Id)
                .ToArray();
            found = found.Where(issue => wanted.All(id => id is { } known && issue.Labels.Contains(known)));
        }

        found = query["assignee"] switch
        {
            null => found,
            "none" => found.Where(issue => issue.Assignees.IsEmpty),
            "*" => found.Where(issue => !issue.Assignees.IsEmpty),
            var login => found.Where(issue => issue.Assignees.Contains(login, StringComparer.OrdinalIgnoreCase)),
        };
        found = query["creator"] is { } creator && !creator.Equals(user.Login, StringComparison.OrdinalIgnoreCase) ? [] : found;
        found = query["mentioned"] is { } mentioned
            ? found.Where(issue => issue.Body?.Contains('@' + mentioned, StringComparison.OrdinalIgnoreCase) == true)
            : found;

        // No issue here has a milestone or a type.
        found = query["milestone"] is null or "none" && query["type"] is null or "none" ? found : [];
        return ListFilter.Time(query["since"]) is { } since ? found.Where(issue => issue.UpdatedAt >= since) : found;
    }

    private static List<Issue> Sorted(IEnumerable<Issue> issues, Query query)
    {
        // They come in the order of their numbers, which is that of their creation; nobody can comment yet, so all have as many.
        var sorted = query["sort"] == "updated" ? issues.OrderBy(issue => issue.UpdatedAt).ThenBy(issue => issue.Number) : issues;
        List<Issue> found = [.. sorted];
        if (query["direction"] != "asc")
        {
            found.Reverse();
        }

        return found;
    }
}
