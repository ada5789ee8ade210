using ControlPlane.Workers;

namespace ControlPlane.GitHub;

public sealed class HeaderTests
{
    private const string LongVary = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With";
    private const string ShortVary = "Accept-Encoding, Accept, X-Requested-With";
    private const string Cached = "private, max-age=60, s-maxage=60";

    [Theory]
    [InlineData("GET", "/api/user", null, 200)]
    [InlineData("POST", "/api/user/repos", """{"name":"n"}""", 201)]
    [InlineData("DELETE", GitHubWorker.Project, null, 204)]
    [InlineData("GET", "/api/user", null, 304)]
    [InlineData("GET", "/api/repos/octocat/none", null, 404)]
    [InlineData("POST", "/api/user/repos", "{}", 422)]
    public async Task Each_class_of_answer_has_its_headers(string method, string path, string? body, int status)
    {
        await using var running = await RunningWorker.StartAsync();
        var tag = status == 304 ? (await running.GetAsync(path))["ETag"] : null;

        var reply = await running.Client.SendAsync(method, path, body, ("if-none-match", tag));

        Assert.Equal(status, reply.Code);
        Assert.Matches("^[0-9A-F]{4}:[0-9A-F]{6}:[0-9A-F]{7}:[0-9A-F]{7}:[0-9A-F]{8}$", reply["X-GitHub-Request-Id"]);
        Assert.Equal("2022-11-28", reply["X-GitHub-Api-Version-Selected"]);
        Assert.Equal("github.com", reply["Server"]);
        Assert.Equal("*", reply["Access-Control-Allow-Origin"]);
        Assert.Equal("default-src 'none'", reply["Content-Security-Policy"]);
        Assert.Equal("nosniff", reply["X-Content-Type-Options"]);
        Assert.Equal("core", reply["X-RateLimit-Resource"]);
        Assert.Equal(status is 200 or 201 or 304 ? LongVary : ShortVary, reply["Vary"]);
        Assert.Equal(status is 200 or 201 or 304 ? Cached : null, reply["Cache-Control"]);
        Assert.Equal(status is 200 or 201 or 304, reply["ETag"] is not null);
        Assert.Equal(status == 304 ? null : "github.v3; format=json", reply["X-GitHub-Media-Type"]);
        Assert.Equal(status == 304, reply["X-OAuth-Scopes"] is null);
        Assert.Equal(status == 304, reply["X-Accepted-OAuth-Scopes"] is null);
        Assert.Equal(status is 204 or 304 ? null : "application/json; charset=utf-8", reply["Content-Type"]);
        Assert.Equal(status is 204 or 304 ? 0 : reply.Body.Length, reply.Body.Length);
        Assert.Equal(status == 201, reply["Location"] is not null);
    }

    [Fact]
    public async Task A_fine_grained_token_is_told_permissions_instead_of_scopes()
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.GetAsync(GitHubWorker.Issues, ("authorization", "Bearer " + string.Join('_', "github", "pat", "x")));

        Assert.Equal("issues=read", reply["X-Accepted-GitHub-Permissions"]);
        Assert.Null(reply["X-OAuth-Scopes"]);
    }

    [Theory]
    [InlineData(null, "github.v3; format=json")]
    [InlineData("*/*", "github.v3; format=json")]
    [InlineData("application/json", "github.v3; format=json")]
    [InlineData("application/vnd.github+json", "github.v3; format=json")]
    [InlineData("application/vnd.github.v3+json", "github.v3; format=json")]
    [InlineData("application/vnd.github.mercy-preview+json", "github.v3; format=json")]
    [InlineData("application/vnd.github.v3.raw", "github.v3; param=raw")]
    [InlineData("application/vnd.github.raw+json", "github.v3; param=raw; format=json")]
    [InlineData("text/html", "unknown, github.v3")]
    public async Task The_media_type_is_read_and_echoed(string? accept, string echo)
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.GetAsync("/api/user", ("accept", accept));

        Assert.Equal(200, reply.Code);
        Assert.Equal(echo, reply["X-GitHub-Media-Type"]);
    }

    [Fact]
    public async Task Rendered_issues_are_not_offered_and_not_made_up()
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal(415, (await running.GetAsync(GitHubWorker.Issues, ("accept", "application/vnd.github.full+json"))).Code);
    }

    [Fact]
    public async Task An_unknown_version_of_the_api_is_400()
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal(400, (await running.GetAsync("/api/user", ("x-github-api-version", "1999-01-01"))).Code);
        Assert.Equal(200, (await running.GetAsync("/api/user", ("x-github-api-version", "2022-11-28"))).Code);
    }

    [Theory]
    [InlineData("/api/user")]
    [InlineData(GitHubWorker.Issues)]
    [InlineData("/api/repos/octocat/none")]
    public async Task Head_is_get_without_the_body(string path)
    {
        await using var running = await RunningWorker.StartAsync();

        var get = await running.GetAsync(path);
        var head = await running.Client.SendAsync("HEAD", path);

        Assert.Equal(get.Code, head.Code);
        Assert.Empty(head.Body);
        Assert.Equal(get.Body.Length, head.ContentHeaders.ContentLength);
        Assert.Equal(get["ETag"], head["ETag"]);
    }
}
