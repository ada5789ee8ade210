using ControlPlane.GitHub.Seeds;
using ControlPlane.Journals;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using Microsoft.Extensions.Logging;

namespace ControlPlane.GitHub;

/// <summary>The clone of GitHub's REST API.</summary>
internal sealed class GitHubClone(GitHubOptions options, BodyRoom room, TimeProvider time, ILogger<GitHubClone> logger) : IClone
{
    public CatalogueClone Catalogue => GitHubSeeds.Catalogue;

    public ISessionClone Open(string seed, string journal, Disk disk) => new GitHubSession(
        new Ledger<GitHubState, GitHubChange>(journal, GitHubRules.Instance, GitHubSeeds.Named(seed), disk), options, room, time, logger);
}
