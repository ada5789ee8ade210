using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary>The fields that creating and updating a repository share, and what they do to it.</summary>
internal static class RepositoryFields
{
    private static readonly Field[] Shared =
    [
        new("description", Kinds.Text | Kinds.Null),
        new("homepage", Kinds.Text | Kinds.Null),
        new("private", Kinds.Boolean),
        new("has_issues", Kinds.Boolean),
        new("has_projects", Kinds.Boolean),
        new("has_wiki", Kinds.Boolean),
        new("has_downloads", Kinds.Boolean),
        new("has_discussions", Kinds.Boolean),
        new("is_template", Kinds.Boolean),
        new("allow_squash_merge", Kinds.Boolean),
        new("allow_merge_commit", Kinds.Boolean),
        new("allow_rebase_merge", Kinds.Boolean),
        new("allow_auto_merge", Kinds.Boolean),
        new("delete_branch_on_merge", Kinds.Boolean),
        new("squash_merge_commit_title", Kinds.Text, Members: ["PR_TITLE", "COMMIT_OR_PR_TITLE"]),
        new("squash_merge_commit_message", Kinds.Text, Members: ["PR_BODY", "COMMIT_MESSAGES", "BLANK"]),
        new("merge_commit_title", Kinds.Text, Members: ["PR_TITLE", "MERGE_MESSAGE"]),
        new("merge_commit_message", Kinds.Text, Members: ["PR_BODY", "PR_TITLE", "BLANK"]),
    ];

    public static readonly Field[] OfCreate =
    [
        .. Shared,
        new("name", Kinds.Text, Required: true),
        new("team_id", Kinds.Integer),
        new("auto_init", Kinds.Boolean),
        new("gitignore_template", Kinds.Text),
        new("license_template", Kinds.Text),
    ];

    public static readonly Field[] OfUpdate =
    [
        .. Shared,
        new("name", Kinds.Text),
        new("visibility", Kinds.Text, Members: ["public", "private"]),
        new("default_branch", Kinds.Text),
        new("has_pull_requests", Kinds.Boolean),
        new("pull_request_creation_policy", Kinds.Text, Members: ["all", "collaborators_only"]),
        new("allow_update_branch", Kinds.Boolean),
        new("use_squash_pr_title_as_default", Kinds.Boolean),
        new("archived", Kinds.Boolean),
        new("allow_forking", Kinds.Boolean),
        new("web_commit_signoff_required", Kinds.Boolean),
    ];

    /// <summary>The repository with everything that was sent, but for its name.</summary>
    public static Repository Applied(Repository before, Call call) => before with
    {
        Description = call.Text("description", before.Description),
        Homepage = call.Has("homepage") ? call.Text("homepage") : before.Homepage,
        Private = call.Flag("private", before.Private),
        HasIssues = call.Flag("has_issues", before.HasIssues),
        HasProjects = call.Flag("has_projects", before.HasProjects),
        HasWiki = call.Flag("has_wiki", before.HasWiki),
        HasDownloads = call.Flag("has_downloads", before.HasDownloads),
        HasDiscussions = call.Flag("has_discussions", before.HasDiscussions),
        IsTemplate = call.Flag("is_template", before.IsTemplate),
        AllowSquashMerge = call.Flag("allow_squash_merge", before.AllowSquashMerge),
        AllowMergeCommit = call.Flag("allow_merge_commit", before.AllowMergeCommit),
        AllowRebaseMerge = call.Flag("allow_rebase_merge", before.AllowRebaseMerge),
        AllowAutoMerge = call.Flag("allow_auto_merge", before.AllowAutoMerge),
        DeleteBranchOnMerge = call.Flag("delete_branch_on_merge", before.DeleteBranchOnMerge),
        SquashMergeCommitTitle = call.Text("squash_merge_commit_title") ?? before.SquashMergeCommitTitle,
        SquashMergeCommitMessage = call.Text("squash_merge_commit_message") ?? before.SquashMergeCommitMessage,
        MergeCommitTitle = call.Text("merge_commit_title") ?? before.MergeCommitTitle,
        MergeCommitMessage = call.Text("merge_commit_message") ?? before.MergeCommitMessage,
    };
}
