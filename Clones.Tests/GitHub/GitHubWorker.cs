using System.Text.Json;
using ControlPlane.Workers;

namespace ControlPlane.GitHub;

/// <summary>Short words for talking to one session's clone.</summary>
internal static class GitHubWorker
{
    public const string Api = Client.BaseUrl + "/api";
    public const string Project = "/api/repos/octocat/small-project";
    public const string Issues = Project + "/issues";

    public static Task<Reply> PostAsync(this RunningWorker running, string path, string body) => running.Client.SendAsync("POST", path, body);

    public static Task<Reply> PatchAsync(this RunningWorker running, string path, string body) => running.Client.SendAsync("PATCH", path, body);

    public static Task<Reply> GetAsync(this RunningWorker running, string path, params (string Name, string? Value)[] headers) =>
        running.Client.GetAsync(path, headers);

    public static string? Text(this Reply reply, string member) => reply.Json.GetProperty(member).GetString();

    public static IEnumerable<int> Numbers(this Reply reply) => reply.Json.EnumerateArray().Select(issue => issue.GetProperty("number").GetInt32());

    public static IEnumerable<string?> Names(this Reply reply) => reply.Json.EnumerateArray().Select(item => item.GetProperty("name").GetString());

    public static bool Same(string expected, JsonElement actual) => JsonElement.DeepEquals(JsonElement.Parse(expected), actual);
}
