using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary><c>GET /repos/{owner}/{repo}</c>.</summary>
internal static class ShowRepository
{
    public static Answer Run(GitHubState state, RepositoryState repository, Call call) =>
        Answer.Ok(RepositoryJson.Full(repository, state.User, call.Links)) with { LastModified = repository.Facts.UpdatedAt };
}
