using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.GitHub.Issues;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Seeds;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub;

/// <summary>One repository of a state, with its issues.</summary>
internal sealed record RepositoryDocument(Repository Repository, IReadOnlyList<Issue>? Issues = null);

/// <summary>
/// A whole state as JSON, for checks after a run and for sessions that begin from one of their own. What is written reads back as the same
/// state; what people write may leave out what has a default.
/// </summary>
/// <param name="FormerNames">Names that still lead to repositories that have another name now.</param>
/// <param name="Last">The ids given last; absent: the highest that are there.</param>
internal sealed record StateDocument(
    User User, IReadOnlyList<RepositoryDocument> Repositories, IReadOnlyDictionary<string, long>? FormerNames = null, LastIds? Last = null)
{
    // By reflection and not generated: only so do members that are left out keep their defaults.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
    };

    public static byte[] Write(GitHubState state) => JsonSerializer.SerializeToUtf8Bytes(
        new StateDocument(
            state.User,
            [.. state.Repositories.Values.Select(repository => new RepositoryDocument(repository.Facts, [.. repository.Issues.Values]))],
            state.Names.Where(name => !state.IsTaken(name.Key)).ToDictionary(name => name.Key, name => name.Value),
            state.Last),
        Json);

    /// <summary>The state, or what is wrong with it.</summary>
    public static (GitHubState? State, string? Fault) Read(JsonElement json)
    {
        try
        {
            var document = json.Deserialize<StateDocument>(Json);
            return document is null ? (null, "it is null.") : document.Fault() is { } fault ? (null, fault) : (document.State(), null);
        }
        catch (JsonException problem)
        {
            return (null, $"{(problem.Path is { Length: > 2 } path ? path[2..] : "it")} is missing something, unknown or of the wrong type.");
        }
    }

    private GitHubState State()
    {
        var state = GitHubRules.Instance.Apply(GitHubSeeds.Named("empty"), new GitHubChange { User = User });
        foreach (var (repository, issues) in Repositories)
        {
            state = GitHubRules.Instance.Apply(state, new GitHubChange { Repository = repository });
            state = (issues ?? []).Aggregate(state, (before, issue) => GitHubRules.Instance.Apply(before, new GitHubChange { Issue = issue }));
        }

        // An id that is there is never given again, whatever the document says.
        var last = Last is null ? state.Last : new LastIds(
            Math.Max(Last.Repository, Highest(Repositories.Select(row => row.Repository.Id))),
            Math.Max(Last.Issue, Highest(Repositories.SelectMany(row => row.Issues ?? []).Select(issue => issue.Id))),
            Math.Max(Last.Label, Highest(Repositories.SelectMany(row => row.Repository.Labels).Select(label => label.Id))));
        return GitHubRules.Instance.Apply(state, new GitHubChange { FormerNames = FormerNames, Last = last });
    }

    private static long Highest(IEnumerable<long> ids) => ids.DefaultIfEmpty().Max();

    private string? Fault()
    {
        // What a constructor takes may be left out without the reader's noticing.
        if (User is not { Id: > 0, Login.Length: > 0 } || User.CreatedAt == default)
        {
            return "user needs an id, a login and createdAt.";
        }

        if (Repositories is null || Repositories.Any(row => row?.Repository is null || row.Issues?.Contains(null!) == true))
        {
            return "repositories must be a list of {\"repository\":{…},\"issues\":[…]}.";
        }

        var ids = Repositories.Select(row => row.Repository.Id).ToImmutableHashSet();
        return ids.Count != Repositories.Count ? "two repositories have one id."
            : Repositories.Select(row => row.Repository.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != Repositories.Count ? "two repositories have one name."
            : FormerNames?.FirstOrDefault(name => !ids.Contains(name.Value)).Key is { } name ? $"formerNames.{name} leads to no repository."
            : Repositories.SelectMany(row => row.Issues ?? []).GroupBy(issue => issue.Id).Any(group => group.Count() > 1) ? "two issues have one id."
            : Repositories.Select(FaultIn).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultIn(RepositoryDocument document)
    {
        var (repository, issues) = (document.Repository, document.Issues ?? []);
        var labels = repository.Labels.Select(label => label?.Id ?? 0).ToImmutableHashSet();
        var fault = repository.Id <= 0 ? "its id is not positive"
            : RepositoryName.From(repository.Name) != repository.Name || RepositoryName.Faults(repository.Name, GitHubState.Nothing).Length > 0
                ? "its name is none that GitHub allows"
            : repository.License is { } license && !Licenses.IsKnown(license) ? $"its license {license} is unknown"
            : repository.Labels.Any(label => label is not { Name.Length: > 0, Color.Length: > 0 }) ? "a label has no name or no color"
            : labels.Count != repository.Labels.Length ? "two of its labels have one id"
            : issues.Select(issue => issue.Number).Distinct().Count() != issues.Count ? "two of its issues have one number"
            : issues.Select(issue => FaultIn(issue, repository.Id, labels)).FirstOrDefault(found => found is not null);
        return fault is null ? null : $"repository {repository.Name}: {fault}.";
    }

    private static string? FaultIn(Issue issue, long repositoryId, ImmutableHashSet<long> labels) =>
        issue.RepositoryId != repositoryId ? $"issue {issue.Number} has another repositoryId"
        : issue.Number <= 0 || issue.Id <= 0 ? $"issue {issue.Number} has an id or number that is not positive"
        : issue.Title.Length == 0 ? $"issue {issue.Number} has no title"
        : !issue.Labels.All(labels.Contains) ? $"issue {issue.Number} has a label that the repository has not"
        : null;
}
