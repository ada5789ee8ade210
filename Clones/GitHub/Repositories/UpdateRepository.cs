using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary><c>PATCH /repos/{owner}/{repo}</c>: what is sent changes, what is not stays.</summary>
internal static class UpdateRepository
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call)
    {
        if (call.Fault(RepositoryFields.OfUpdate) is { } fault)
        {
            return fault;
        }

        var before = repository.Facts;
        if (before.Archived && call.Flag("archived", true))
        {
            return Refusals.Archived(call.Route);
        }

        var name = call.Text("name") is { } given ? RepositoryName.From(given) : before.Name;
        var after = WithSettings(RepositoryFields.Applied(before, call), call) with { Name = name, UpdatedAt = call.Now };
        FieldError[] errors = [.. RepositoryName.Faults(name, state, before.Name), .. Faults(after)];
        return errors.Length > 0
            ? Refusals.Invalid(call.Route, errors)
            : Answer.Ok(RepositoryJson.Full(repository with { Facts = after }, state.User, call.Links)) with
            {
                Change = new GitHubChange { Repository = after },
            };
    }

    private static Repository WithSettings(Repository applied, Call call) => applied with
    {
        Private = call.Text("visibility") is { } visibility ? visibility == "private" : applied.Private,
        DefaultBranch = call.Text("default_branch") is { Length: > 0 } branch ? branch : applied.DefaultBranch,
        HasPullRequests = call.Flag("has_pull_requests", applied.HasPullRequests),
        PullRequestCreationPolicy = call.Text("pull_request_creation_policy") ?? applied.PullRequestCreationPolicy,
        AllowUpdateBranch = call.Flag("allow_update_branch", applied.AllowUpdateBranch),
        UseSquashPrTitleAsDefault = call.Flag("use_squash_pr_title_as_default", applied.UseSquashPrTitleAsDefault),
        Archived = call.Flag("archived", applied.Archived),
        AllowForking = call.Flag("allow_forking", applied.AllowForking),
        WebCommitSignoffRequired = call.Flag("web_commit_signoff_required", applied.WebCommitSignoffRequired),
    };

    private static IEnumerable<FieldError> Faults(Repository after)
    {
        // The name of an empty repository's default branch is "main" until something is pushed.
        if (after.Branches.IsEmpty && after.DefaultBranch != "main")
        {
            yield return new("Repository", "invalid", "default_branch",
                "Cannot update default branch for an empty repository. Please init the repository and push first");
        }
        else if (!after.Branches.IsEmpty && !after.Branches.Contains(after.DefaultBranch))
        {
            yield return new("Repository", "invalid", "default_branch",
                $"The branch {after.DefaultBranch} was not found. Please push that ref first or create it via the Git Data API.");
        }

        if (after is { AllowSquashMerge: false, AllowMergeCommit: false, AllowRebaseMerge: false })
        {
            yield return new("Repository", "custom", "merge_commit_allowed",
                "Sorry, you need to allow at least one merge strategy. (no_merge_method)");
        }
    }
}
