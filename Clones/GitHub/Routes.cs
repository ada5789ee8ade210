using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Issues;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;
using ControlPlane.Sessions;

namespace ControlPlane.GitHub;

/// <summary>Everything that the clone offers. What is not here is 404: better than an answer that was made up.</summary>
internal static class Routes
{
    private const string Docs = "https://docs.github.com/rest/";

    private static readonly Route[] All =
    [
        new("GET", false, "", ShowRoot.Run, Docs + "meta/meta#github-api-root", "", "metadata=read"),
        new("GET", false, "user", ShowUser.Run, Docs + "users/users#get-the-authenticated-user", "", "metadata=read"),
        new("GET", false, "user/repos", ListRepositories.Run,
            Docs + "repos/repos#list-repositories-for-the-authenticated-user", "", "metadata=read"),
        new("POST", false, "user/repos", CreateRepository.Run,
            Docs + "repos/repos#create-a-repository-for-the-authenticated-user", "public_repo, repo", "administration=write"),
        Route.OnRepository("GET", "", ShowRepository.Run, Docs + "repos/repos#get-a-repository", "repo", "metadata=read"),
        Route.OnRepository("PATCH", "", UpdateRepository.Run, Docs + "repos/repos#update-a-repository", "", "administration=write"),
        Route.OnRepository("DELETE", "", DeleteRepository.Run, Docs + "repos/repos#delete-a-repository", "delete_repo", "administration=write"),
        Route.OnRepository("GET", "issues", ListIssues.Run, Docs + "issues/issues#list-repository-issues", "repo", "issues=read"),
        Route.OnRepository("POST", "issues", CreateIssue.Run, Docs + "issues/issues#create-an-issue", "", "issues=write"),
        Route.OnRepository("GET", "issues/#", ShowIssue.Run, Docs + "issues/issues#get-an-issue", "repo", "issues=read"),
        Route.OnRepository("PATCH", "issues/#", UpdateIssue.Run, Docs + "issues/issues#update-an-issue", "", "issues=write"),
    ];

    /// <summary>The same as its callers are told: GitHub's own name of each operation, and where it is.</summary>
    public static IReadOnlyList<CloneTool> Tools { get; } =
    [
        .. All.Select(route => new CloneTool(
            route.Docs[(route.Docs.IndexOf('#', StringComparison.Ordinal) + 1)..], route.Method,
            $"{(route.InRepository ? "/repos/{owner}/{repo}" : "")}/{route.Path.Replace("#", "{number}", StringComparison.Ordinal)}" switch
            {
                "/" => "/",
                var path => path.TrimEnd('/'),
            })),
    ];

    public static Route? Find(string method, Target target) => Array.Find(All, route => route.Fits(method, target));
}
