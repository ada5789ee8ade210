using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary><c>DELETE /repos/{owner}/{repo}</c>: it and all that it holds are gone, and its names are free.</summary>
internal static class DeleteRepository
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call) =>
        Answer.NoContent with { Change = new GitHubChange { RemovedRepository = repository.Facts.Id } };
}
