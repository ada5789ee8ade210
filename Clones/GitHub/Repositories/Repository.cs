using System.Collections.Immutable;

namespace ControlPlane.GitHub.Repositories;

/// <summary>What a repository is and how it is set. What can be counted is counted from what it holds.</summary>
internal sealed record Repository
{
    public required long Id { get; init; }

    /// <summary>As it was written; compared without case.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }
    public string? Homepage { get; init; }
    public bool Private { get; init; }
    public bool Archived { get; init; }
    public bool IsTemplate { get; init; }

    public bool HasIssues { get; init; } = true;
    public bool HasProjects { get; init; } = true;
    public bool HasWiki { get; init; } = true;
    public bool HasDownloads { get; init; } = true;
    public bool HasDiscussions { get; init; }
    public bool HasPullRequests { get; init; } = true;
    public string PullRequestCreationPolicy { get; init; } = "all";

    public bool AllowSquashMerge { get; init; } = true;
    public bool AllowMergeCommit { get; init; } = true;
    public bool AllowRebaseMerge { get; init; } = true;
    public bool AllowAutoMerge { get; init; }
    public bool AllowUpdateBranch { get; init; }
    public bool AllowForking { get; init; } = true;
    public bool DeleteBranchOnMerge { get; init; }
    public bool UseSquashPrTitleAsDefault { get; init; }
    public bool WebCommitSignoffRequired { get; init; }
    public string SquashMergeCommitTitle { get; init; } = "COMMIT_OR_PR_TITLE";
    public string SquashMergeCommitMessage { get; init; } = "COMMIT_MESSAGES";
    public string MergeCommitTitle { get; init; } = "MERGE_MESSAGE";
    public string MergeCommitMessage { get; init; } = "PR_TITLE";

    /// <summary>A key of <see cref="Licenses"/>.</summary>
    public string? License { get; init; }

    public string? Language { get; init; }
    public string DefaultBranch { get; init; } = "main";

    /// <summary>The branches that have been pushed; none in an empty repository, whose default branch is only a name.</summary>
    public ImmutableArray<string> Branches { get; init; } = [];

    public ImmutableArray<string> Topics { get; init; } = [];
    public ImmutableArray<Label> Labels { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset PushedAt { get; init; }

    public string NodeId => NodeIds.Of("R", Id);

    public Label? LabelNamed(string name) => Labels.FirstOrDefault(label => label.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A label that issues of one repository can carry.</summary>
internal sealed record Label(long Id, string Name, string Color, string? Description = null, bool Default = false);
