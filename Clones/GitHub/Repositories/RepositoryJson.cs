using System.Text.Json;
using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub.Repositories;

/// <summary>A repository as GitHub shows it: one form in lists, and a fuller one by itself.</summary>
internal static class RepositoryJson
{
    /// <param name="license">False right after its creation: GitHub looks at the license file only later.</param>
    public static byte[] Full(RepositoryState repository, User owner, Links links, bool license = true) => JsonBody.Of(json =>
    {
        json.WriteStartObject();
        WriteMembers(json, repository, owner, links, license);
        WriteMerging(json, repository.Facts);
        WriteSecurity(json);
        json.WriteNumber("network_count", 0);
        json.WriteNumber("subscribers_count", 0);
        json.WriteEndObject();
    });

    public static void WriteInList(Utf8JsonWriter json, RepositoryState repository, User owner, Links links)
    {
        json.WriteStartObject();
        WriteMembers(json, repository, owner, links, license: true);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, RepositoryState repository, User owner, Links links, bool license)
    {
        var facts = repository.Facts;
        var fullName = $"{owner.Login}/{facts.Name}";
        json.WriteNumber("id", facts.Id);
        json.WriteString("node_id", facts.NodeId);
        json.WriteString("name", facts.Name);
        json.WriteString("full_name", fullName);
        json.WriteBoolean("private", facts.Private);
        UserJson.Write(json, "owner", owner, links);
        json.WriteString("html_url", $"{links.Web}/{fullName}");
        json.WriteString("description", facts.Description);
        json.WriteBoolean("fork", false);
        RepositoryUrls.WriteApi(json, links.Repository(owner.Login, facts.Name));
        json.WriteTime("created_at", facts.CreatedAt);
        json.WriteTime("updated_at", facts.UpdatedAt);
        json.WriteTime("pushed_at", facts.PushedAt);
        RepositoryUrls.WriteGit(json, fullName, links);
        json.WriteString("homepage", facts.Homepage);
        json.WriteNumber("size", 0);
        json.WriteNumber("stargazers_count", 0);
        json.WriteNumber("watchers_count", 0);
        json.WriteString("language", facts.Language);
        json.WriteBoolean("has_issues", facts.HasIssues);
        json.WriteBoolean("has_projects", facts.HasProjects);
        json.WriteBoolean("has_downloads", facts.HasDownloads);
        json.WriteBoolean("has_wiki", facts.HasWiki);
        json.WriteBoolean("has_pages", false);
        json.WriteBoolean("has_discussions", facts.HasDiscussions);
        json.WriteNumber("forks_count", 0);
        json.WriteNull("mirror_url");
        json.WriteBoolean("archived", facts.Archived);
        json.WriteBoolean("disabled", false);
        json.WriteNumber("open_issues_count", repository.OpenIssues);
        Licenses.Write(json, license ? facts.License : null, links);
        json.WriteBoolean("allow_forking", facts.AllowForking);
        json.WriteBoolean("is_template", facts.IsTemplate);
        json.WriteBoolean("web_commit_signoff_required", facts.WebCommitSignoffRequired);
        json.WriteBoolean("has_pull_requests", facts.HasPullRequests);
        json.WriteString("pull_request_creation_policy", facts.PullRequestCreationPolicy);
        json.WriteStrings("topics", facts.Topics);
        json.WriteString("visibility", facts.Private ? "private" : "public");
        json.WriteNumber("forks", 0);
        json.WriteNumber("open_issues", repository.OpenIssues);
        json.WriteNumber("watchers", 0);
        json.WriteString("default_branch", facts.DefaultBranch);
        json.WriteStartObject("permissions");
        foreach (var permission in (ReadOnlySpan<string>)["admin", "maintain", "push", "triage", "pull"])
        {
            json.WriteBoolean(permission, true);
        }

        json.WriteEndObject();
    }

    private static void WriteMerging(Utf8JsonWriter json, Repository facts)
    {
        json.WriteString("temp_clone_token", "");
        json.WriteBoolean("allow_squash_merge", facts.AllowSquashMerge);
        json.WriteBoolean("allow_merge_commit", facts.AllowMergeCommit);
        json.WriteBoolean("allow_rebase_merge", facts.AllowRebaseMerge);
        json.WriteBoolean("allow_auto_merge", facts.AllowAutoMerge);
        json.WriteBoolean("delete_branch_on_merge", facts.DeleteBranchOnMerge);
        json.WriteBoolean("allow_update_branch", facts.AllowUpdateBranch);
        json.WriteBoolean("use_squash_pr_title_as_default", facts.UseSquashPrTitleAsDefault);
        json.WriteString("squash_merge_commit_message", facts.SquashMergeCommitMessage);
        json.WriteString("squash_merge_commit_title", facts.SquashMergeCommitTitle);
        json.WriteString("merge_commit_message", facts.MergeCommitMessage);
        json.WriteString("merge_commit_title", facts.MergeCommitTitle);
    }

    private static void WriteSecurity(Utf8JsonWriter json)
    {
        json.WriteStartObject("security_and_analysis");
        foreach (var name in (ReadOnlySpan<string>)["secret_scanning", "secret_scanning_push_protection", "dependabot_security_updates"])
        {
            json.WriteStartObject(name);
            json.WriteString("status", "disabled");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
