using System.Text.Json;
using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub.Issues;

/// <summary>An issue as GitHub shows it; by itself it also says who closed it.</summary>
internal static class IssueJson
{
    public static byte[] Of(Issue issue, Repository repository, User user, Links links) =>
        JsonBody.Of(json => Write(json, issue, repository, user, links, alone: true));

    public static void Write(Utf8JsonWriter json, Issue issue, Repository repository, User user, Links links, bool alone)
    {
        var repositoryUrl = links.Repository(user.Login, repository.Name);
        var url = $"{repositoryUrl}/issues/{issue.Number}";
        json.WriteStartObject();
        json.WriteString("url", url);
        json.WriteString("repository_url", repositoryUrl);
        json.WriteString("labels_url", url + "/labels{/name}");
        json.WriteString("comments_url", url + "/comments");
        json.WriteString("events_url", url + "/events");
        json.WriteString("html_url", $"{links.Web}/{user.Login}/{repository.Name}/issues/{issue.Number}");
        json.WriteNumber("id", issue.Id);
        json.WriteString("node_id", NodeIds.Of("I", repository.Id, issue.Id));
        json.WriteNumber("number", issue.Number);
        json.WriteString("title", issue.Title);
        UserJson.Write(json, "user", user, links);
        WriteLabels(json, issue, repository, repositoryUrl);
        json.WriteString("state", issue.Closed ? "closed" : "open");
        json.WriteBoolean("locked", false);

        // Nobody but the one user can be assigned.
        UserJson.Write(json, "assignee", issue.Assignees.IsEmpty ? null : user, links);
        json.WriteStartArray("assignees");
        foreach (var _ in issue.Assignees)
        {
            UserJson.Write(json, user, links);
        }

        json.WriteEndArray();
        json.WriteNull("milestone");
        json.WriteNumber("comments", 0);
        json.WriteTime("created_at", issue.CreatedAt);
        json.WriteTime("updated_at", issue.UpdatedAt);
        json.WriteTime("closed_at", issue.ClosedAt);
        json.WriteString("author_association", "OWNER");
        json.WriteNull("active_lock_reason");
        WriteNumbers(json, "sub_issues_summary", "total", "completed", "percent_completed");
        WriteNumbers(json, "issue_dependencies_summary", "blocked_by", "total_blocked_by", "blocking", "total_blocking");
        json.WriteString("body", issue.Body);
        if (alone)
        {
            UserJson.Write(json, "closed_by", issue.ClosedBy is null ? null : user, links);
        }

        WriteReactions(json, url);
        json.WriteString("timeline_url", url + "/timeline");
        json.WriteNull("performed_via_github_app");
        json.WriteString("state_reason", issue.StateReason);
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, Issue issue, Repository repository, string repositoryUrl)
    {
        json.WriteStartArray("labels");
        foreach (var label in repository.Labels.Where(label => issue.Labels.Contains(label.Id)))
        {
            json.WriteStartObject();
            json.WriteNumber("id", label.Id);
            json.WriteString("node_id", NodeIds.Of("LA", repository.Id, label.Id));
            json.WriteString("url", $"{repositoryUrl}/labels/{Uri.EscapeDataString(label.Name)}");
            json.WriteString("name", label.Name);
            json.WriteString("color", label.Color);
            json.WriteBoolean("default", label.Default);
            json.WriteString("description", label.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteReactions(Utf8JsonWriter json, string url)
    {
        json.WriteStartObject("reactions");
        json.WriteString("url", url + "/reactions");
        foreach (var name in (ReadOnlySpan<string>)["total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"])
        {
            json.WriteNumber(name, 0);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<string> members)
    {
        json.WriteStartObject(name);
        foreach (var member in members)
        {
            json.WriteNumber(member, 0);
        }

        json.WriteEndObject();
    }
}
