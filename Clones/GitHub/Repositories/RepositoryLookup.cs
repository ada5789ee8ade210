using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary>From what the path names to the repository.</summary>
internal static class RepositoryLookup
{
    public static Answer Find(GitHubState state, Call call, Func<GitHubState, RepositoryState, Call, Answer> run)
    {
        if (call.Target is { Owner: { } owner, Name: { } name })
        {
            return state.Named(owner, name) is not { } named ? Refusals.NotFound(call.Route)
                : named.Facts.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? run(state, named, call)
                : Moved(named.Facts.Id, call);
        }

        return state.Repositories.TryGetValue(call.Target.Id!.Value, out var found) // A repository's route has a name or an id.
            ? run(state, found, call)
            : Refusals.NotFound(call.Route);
    }

    private static Answer Moved(long id, Call call)
    {
        var rest = string.Concat(call.Target.Rest.Select(segment => "/" + Uri.EscapeDataString(segment)));
        return Refusals.Moved(!call.Route.Writes, $"{call.Links.Api}/repositories/{id}{rest}{call.Target.Query}");
    }
}
