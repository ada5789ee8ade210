using System.Text.Json;
using ControlPlane.Workers;

namespace ControlPlane.GitHub;

/// <summary>
/// Every message that a client may compare. Evidence is named by row: R a recording of the real service, T somebody else's test that runs
/// against it, S its own description, B believed.
/// </summary>
public sealed class RefusalTests
{
    private const string Repos = "/api/user/repos";
    private const string Issues = GitHubWorker.Issues;
    private const string Project = GitHubWorker.Project;
    private const string CreateDocs = "repos/repos#create-a-repository-for-the-authenticated-user";
    private const string UpdateDocs = "repos/repos#update-a-repository";
    private const string GetDocs = "repos/repos#get-a-repository";
    private const string IssueDocs = "issues/issues#create-an-issue";
    private const string IssueUpdateDocs = "issues/issues#update-an-issue";
    private const string Failed = "Repository creation failed.";
    private const string Invalid = "Validation Failed";
    private const string Shape = "Invalid request.\n\n";

    public static TheoryData<string, string, string, string?, int, string, string, string?> Table => new()
    {
        // evidence, method, path, body, status, message, docs, errors
        { "R", "POST", Repos, """{"name":"Small-Project"}""", 422, Failed, CreateDocs, """[{"resource":"Repository","code":"custom","field":"name","message":"name already exists on this account"}]""" },
        { "T", "POST", Repos, $$"""{"name":"{{new string('x', 101)}}"}""", 422, Failed, CreateDocs, """[{"resource":"Repository","code":"custom","field":"name","message":"name is too long (maximum is 100 characters)"}]""" },
        { "B", "POST", Repos, "{}", 422, Shape + "\"name\" wasn't supplied.", CreateDocs, null },
        { "B", "POST", Repos, null, 422, Shape + "\"name\" wasn't supplied.", CreateDocs, null },
        { "R", "POST", Repos, """{"name":"n","private":"x"}""", 422, Shape + "For 'properties/private', \"x\" is not a boolean.", CreateDocs, null },
        { "R", "POST", Repos, """{"name":null,"has_wiki":{"a":[1,"b"]}}""", 422, Shape + "For 'properties/has_wiki', {\"a\"=>[1, \"b\"]} is not a boolean.\nFor 'properties/name', nil is not a string.", CreateDocs, null },
        { "R", "POST", Repos, """{"name":"n","description":42}""", 422, Shape + "For 'properties/description', 42 is not a string or null.", CreateDocs, null },
        { "R", "POST", Repos, """{"name":"n","team_id":"x"}""", 422, Shape + "For 'properties/team_id', \"x\" is not an integer.", CreateDocs, null },
        { "R", "POST", Repos, """{"name":"n","merge_commit_title":"X"}""", 422, Shape + "X is not a member of [\"PR_TITLE\", \"MERGE_MESSAGE\"].", CreateDocs, null },
        { "T", "POST", Repos, """{"name":"n","gitignore_template":"Nope"}""", 422, Failed, CreateDocs, """[{"resource":"Repository","code":"custom","field":"gitignore_template","message":"Nope is an unknown gitignore template."}]""" },
        { "R", "POST", Repos, "{bad", 400, "Problems parsing JSON", CreateDocs, null },
        { "B", "POST", Repos, "[1]", 400, "Body should be a JSON object", CreateDocs, null },
        { "B", "POST", Repos, """{"name":"\ud800"}""", 400, "Problems parsing JSON", CreateDocs, null },
        { "T", "PATCH", Project, """{"default_branch":"bob"}""", 422, Invalid, UpdateDocs, """[{"resource":"Repository","code":"invalid","field":"default_branch","message":"The branch bob was not found. Please push that ref first or create it via the Git Data API."}]""" },
        { "B", "PATCH", Project, """{"allow_squash_merge":false,"allow_merge_commit":false,"allow_rebase_merge":false}""", 422, Invalid, UpdateDocs, """[{"resource":"Repository","code":"custom","field":"merge_commit_allowed","message":"Sorry, you need to allow at least one merge strategy. (no_merge_method)"}]""" },
        { "R", "PATCH", Project, """{"visibility":"internal"}""", 422, Shape + "internal is not a member of [\"public\", \"private\"].", UpdateDocs, null },
        { "R", "GET", "/api/repos/octocat/none", null, 404, "Not Found", GetDocs, null },
        { "R", "GET", "/api/repos/nobody/small-project", null, 404, "Not Found", GetDocs, null },
        { "R", "GET", "/api/repositories/1", null, 404, "Not Found", GetDocs, null },
        { "R", "POST", "/api/repos/octocat/none/issues", "{bad", 404, "Not Found", IssueDocs, null },
        { "T", "POST", Issues, """{"body":"x"}""", 422, Shape + "\"title\" wasn't supplied.", IssueDocs, null },
        { "T", "POST", Issues, $$"""{"title":"t","body":"{{new string('x', 65537)}}"}""", 422, Invalid, IssueDocs, """[{"value":null,"resource":"Issue","code":"invalid","field":"body","message":"body is too long (maximum is 65536 characters)"}]""" },
        { "R", "POST", Issues, """{"title":"t","body":42}""", 422, Shape + "For 'properties/body', 42 is not a string or null.", IssueDocs, null },
        { "R", "POST", Issues, """{"title":"t","labels":null}""", 422, Shape + "For 'properties/labels', nil is not an array.", IssueDocs, null },
        { "B", "POST", Issues, """{"title":"t","labels":[1]}""", 422, Shape + "No subschema in \"oneOf\" matched.", IssueDocs, null },
        { "B", "POST", Issues, """{"title":null}""", 422, Shape + "No subschema in \"oneOf\" matched.", IssueDocs, null },
        { "B", "POST", Issues, """{"title":""}""", 422, Invalid, IssueDocs, """[{"resource":"Issue","code":"missing_field","field":"title"}]""" },
        { "B", "POST", Issues, """{"title":"t","assignees":["nobody"]}""", 422, Invalid, IssueDocs, """[{"value":"nobody","resource":"Issue","code":"invalid","field":"assignees"}]""" },
        { "B", "POST", Issues, """{"title":"t","milestone":3}""", 422, Invalid, IssueDocs, """[{"value":"3","resource":"Issue","code":"invalid","field":"milestone"}]""" },
        { "R", "PATCH", Issues + "/1", """{"state":"shut"}""", 422, Shape + "shut is not a member of [\"open\", \"closed\"].", IssueUpdateDocs, null },
        { "R", "PATCH", Issues + "/999", "{}", 404, "Not Found", IssueUpdateDocs, null },
        { "R", "GET", Issues + "/999", null, 404, "Not Found", "issues/issues#get-an-issue", null },
        { "B", "GET", Issues + "?state=shut", null, 422, Invalid, "issues/issues#list-repository-issues", """[{"resource":"Issue","code":"invalid","field":"state"}]""" },
        { "S", "GET", Repos + "?type=owner&visibility=all", null, 422, "If you specify visibility or affiliation, you cannot specify type.", "repos/repos#list-repositories-for-the-authenticated-user", null },
        { "R", "GET", "/api/nothing/here", null, 404, "Not Found", "", null },
        { "R", "PUT", "/api/user", "{}", 404, "Not Found", "", null },
        { "R", "GET", Project + "/branches", null, 404, "Not Found", "", null },
        { "R", "GET", Issues + "/abc", null, 404, "Not Found", "", null },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_refusal_has_githubs_words(
        string evidence, string method, string path, string? body, int status, string message, string docs, string? errors)
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.Client.SendAsync(method, path, body);

        Assert.Contains(evidence, "RTSB", StringComparison.Ordinal);
        var address = "https://docs.github.com/rest" + (docs.Length > 0 ? "/" + docs : "");
        var listed = errors is null ? "" : $"\"errors\":{errors},";
        var expected = $"{{\"message\":{JsonSerializer.Serialize(message)},{listed}\"documentation_url\":\"{address}\",\"status\":\"{status}\"}}";
        Assert.Equal(status, reply.Code);
        Assert.True(GitHubWorker.Same(expected, reply.Json), reply.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Digest abc")]
    [InlineData("Basic Og==")]
    [InlineData("Basic ???")]
    public async Task Without_a_credential_github_asks_for_one(string? authorization)
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.GetAsync("/api/user", ("authorization", authorization));

        Assert.Equal(401, reply.Code);
        Assert.Equal(
            """{"message":"Requires authentication","documentation_url":"https://docs.github.com/rest/overview/resources-in-the-rest-api#authentication","status":"401"}""",
            reply.Text);
    }

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("bearer   x")]
    [InlineData("token x")]
    [InlineData("Basic dXNlcjp0b2tlbg==")]
    [InlineData("Basic dG9rZW46")]
    public async Task Any_credential_is_the_seeds_one_user(string authorization)
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal("octocat", (await running.GetAsync("/api/user", ("authorization", authorization))).Text("login"));
    }

    [Fact]
    public async Task An_unknown_route_is_404_before_a_missing_credential_is_401()
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal(404, (await running.GetAsync("/api/nothing", ("authorization", null))).Code);
    }

    [Fact]
    public async Task An_archived_repository_is_read_only_until_it_is_not()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PatchAsync(Project, """{"archived":true}""");

        foreach (var reply in new[]
        {
            await running.PatchAsync(Project, """{"description":"x"}"""),
            await running.PostAsync(Issues, """{"title":"x"}"""),
            await running.PatchAsync(Issues + "/1", """{"title":"x"}"""),
        })
        {
            Assert.Equal(403, reply.Code);
            Assert.Equal("Repository was archived so is read-only.", reply.Text("message"));
        }

        Assert.Equal(200, (await running.PatchAsync(Project, """{"archived":false}""")).Code);
        Assert.Equal(201, (await running.PostAsync(Issues, """{"title":"x"}""")).Code);
    }

    [Fact]
    public async Task Issues_that_are_switched_off_are_410()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PatchAsync(Project, """{"has_issues":false}""");

        foreach (var reply in new[]
        {
            await running.PostAsync(Issues, """{"title":"x"}"""),
            await running.GetAsync(Issues + "/1"),
            await running.PatchAsync(Issues + "/1", "{}"),
        })
        {
            Assert.Equal(410, reply.Code);
            Assert.Equal("Issues are disabled for this repo", reply.Text("message"));
        }
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_and_the_worker_goes_on()
    {
        await using var running = await RunningWorker.StartAsync();

        // Asked first, so that the answer does not cross with a body that nobody reads.
        var reply = await running.Client.SendAsync("POST", Issues, new string(' ', (1024 * 1024) + 1), ("expect", "100-continue"));

        Assert.Equal(413, reply.Code);
        Assert.Equal(200, (await running.GetAsync("/api/user")).Code);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/x")]
    [InlineData("/apix")]
    [InlineData("/")]
    public async Task Outside_the_api_is_a_404_in_the_platforms_words(string path)
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.PostAsync(path, """{"jsonrpc":"2.0","id":1,"method":"initialize"}""");

        Assert.Equal(404, reply.Code);
        Assert.Equal("path_unknown", reply.Text("code"));
    }
}
