using System.Text.Json.Serialization;
using ControlPlane.GitHub.Issues;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub;

/// <summary>
/// One step of a clone's state, as its journal holds it: the things as they are from now on, so that a journal means the same whatever
/// version reads it. Several may stand together; they are applied in the order of the members here.
/// </summary>
internal sealed record GitHubChange
{
    /// <summary>A whole state in place of all before: the changes that make it out of nothing.</summary>
    public IReadOnlyList<GitHubChange>? Replaced { get; init; }

    public User? User { get; init; }
    public Repository? Repository { get; init; }
    public long? RemovedRepository { get; init; }
    public Issue? Issue { get; init; }

    /// <summary>Names that lead to repositories that have another name now; only in an export.</summary>
    public IReadOnlyDictionary<string, long>? FormerNames { get; init; }

    /// <summary>Only in an export: otherwise they follow from the things.</summary>
    public LastIds? Last { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    // A later version's change is an error here: to read past it would lose what was acknowledged.
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(GitHubChange))]
internal sealed partial class GitHubJson : JsonSerializerContext;
