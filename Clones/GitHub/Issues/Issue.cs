using System.Collections.Immutable;

namespace ControlPlane.GitHub.Issues;

/// <summary>An issue as it stands. Labels are held by id, so that a label that is renamed is renamed everywhere.</summary>
internal sealed record Issue
{
    public required long Id { get; init; }
    public required long RepositoryId { get; init; }

    /// <summary>Counts issues and pull requests of one repository together, from 1, without gaps and never again.</summary>
    public required int Number { get; init; }

    public required string Title { get; init; }
    public string? Body { get; init; }
    public bool Closed { get; init; }
    public string? StateReason { get; init; }
    public ImmutableArray<long> Labels { get; init; } = [];
    public ImmutableArray<string> Assignees { get; init; } = [];
    public required string Author { get; init; }
    public string? ClosedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
}
