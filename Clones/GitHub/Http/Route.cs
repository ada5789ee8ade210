using ControlPlane.GitHub.Repositories;

namespace ControlPlane.GitHub.Http;

/// <summary>One operation: where it is, what it does and what GitHub says about it in headers and errors.</summary>
/// <param name="Path">Below the repository for one that is about a repository; <c>#</c> stands for a number.</param>
/// <param name="Run">Pure: the state is the one that all changes before it have left.</param>
/// <param name="Docs">The operation's address in GitHub's documentation, as its errors name it.</param>
/// <param name="Scopes"><c>X-Accepted-OAuth-Scopes</c>.</param>
/// <param name="Permissions"><c>X-Accepted-GitHub-Permissions</c>.</param>
internal sealed record Route(
    string Method, bool InRepository, string Path, Func<GitHubState, Call, Answer> Run, string Docs, string Scopes, string Permissions)
{
    private readonly string[] _segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>It changes something, so it waits its turn and for the disk.</summary>
    public bool Writes => Method != "GET";

    /// <summary>An operation on a repository, which is found first: by id, by name, or moved away.</summary>
    public static Route OnRepository(
        string method, string path, Func<GitHubState, RepositoryState, Call, Answer> run, string docs, string scopes, string permissions) =>
        new(method, true, path, (state, call) => RepositoryLookup.Find(state, call, run), docs, scopes, permissions);

    public bool Fits(string method, Target target)
    {
        if (method != Method || target.InRepository != InRepository || target.Rest.Length != _segments.Length)
        {
            return false;
        }

        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i] == "#" ? !IsNumber(target.Rest[i]) : _segments[i] != target.Rest[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNumber(string text) => int.TryParse(text, System.Globalization.NumberStyles.None, null, out _);
}
