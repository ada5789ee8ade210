using System.Collections.Immutable;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub;

/// <summary>
/// All that a session's clone knows. It is immutable: a request reads one state from beginning to end and waits for nobody.
/// </summary>
/// <param name="User">The seed's one user, who owns every repository.</param>
/// <param name="Names">Names of repositories, without case, to ids. A former name leads on until another repository takes it.</param>
/// <param name="Last">The ids given last.</param>
internal sealed record GitHubState(
    User User, ImmutableSortedDictionary<long, RepositoryState> Repositories, ImmutableDictionary<string, long> Names, LastIds Last)
{
    public static readonly GitHubState Nothing = new(
        new User(0, "", null, null, DateTimeOffset.UnixEpoch),
        ImmutableSortedDictionary<long, RepositoryState>.Empty,
        ImmutableDictionary.Create<string, long>(StringComparer.OrdinalIgnoreCase),
        new LastIds(0, 0, 0));

    /// <summary>The repository that has or had this name, or null.</summary>
    public RepositoryState? Named(string owner, string name) =>
        owner.Equals(User.Login, StringComparison.OrdinalIgnoreCase) && Names.TryGetValue(name, out var id) ? Repositories[id] : null;

    /// <summary>Whether a repository has this name now.</summary>
    public bool IsTaken(string name) =>
        Names.TryGetValue(name, out var id) && Repositories[id].Facts.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Ids are never given twice, also when what had them is deleted.</summary>
internal sealed record LastIds(long Repository, long Issue, long Label);
