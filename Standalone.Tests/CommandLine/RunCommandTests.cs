using System.Net;
using System.Text.Json;
using ControlPlane.Running;
using ControlPlane.Sessions;

namespace ControlPlane.CommandLine;

/// <summary><c>archal run</c> around a program that knows nothing but its environment.</summary>
public sealed class RunCommandTests(SharedProgram shared) : IClassFixture<SharedProgram>, IDisposable
{
    private const string Agent =
        """
        import json, os, urllib.request

        url = json.loads(os.environ["AGENT_CLONE_URLS"])["github"]
        headers = {**json.loads(os.environ["AGENT_ROUTE_HEADERS"]), "Authorization": "token of-a-service", "Content-Type": "application/json"}

        def call(path, body=None):
            data = json.dumps(body).encode() if body else None
            with urllib.request.urlopen(urllib.request.Request(url + path, data=data, headers=headers)) as answer:
                return json.load(answer)

        call("/user/repos", {"name": "of-an-agent"})
        call("/repos/octocat/of-an-agent/issues", {"title": os.environ["AGENT_TASK"]})
        print(json.dumps({
            "titles": [issue["title"] for issue in call("/repos/octocat/of-an-agent/issues")],
            "session": os.environ["AGENT_SESSION_ID"], "mode": os.environ["AGENT_RUN_MODE"], "rest": os.environ["ARCHAL_GITHUB_REST_URL"] == url,
            "key": headers["x-route-authorization"], "token": os.environ.get("ARCHAL_TOKEN"),
        }))
        """;

    private readonly StandaloneProcess _program = shared.Program;
    private readonly Archal _archal = new(shared.Program.Url);

    [Fact]
    public async Task An_agent_works_on_its_clone_and_leaves_no_session_and_no_key_behind()
    {
        var owner = new Dictionary<string, string> { ["ARCHAL_TOKEN"] = _program.OwnerToken };

        var run = (await _archal.RunAsync("", owner, "run", "--clone", "github", "--task", "Mend the door", "--", "python3", "-c",
            Agent)).Good();

        var said = run.Json();
        Assert.Equal("Mend the door", Assert.Single(said.GetProperty("titles").EnumerateArray()).GetString());
        Assert.Equal(("local", true, JsonValueKind.Null),
            (said.Text("mode"), said.GetProperty("rest").GetBoolean(), said.GetProperty("token").ValueKind));
        Assert.Equal("ended", (await _program.SessionAsync(said.Text("session"))).Text("status"));

        var key = said.Text("key")["Bearer ".Length..];
        Assert.NotEqual(_program.OwnerToken, key);
        using var asKey = _program.Client(key);
        using var refused = await asKey.GetAsync("/auth/me");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var keys = await _program.CallAsync(HttpMethod.Get, $"/api/workspaces/{Tenant.Workspace}/api-keys", _program.OwnerToken);
        var made = keys.GetProperty("apiKeys").EnumerateArray().Single(one => one.Text("label") == $"archal run {said.Text("session")}");
        Assert.Equal($"sessions:write!session={said.Text("session")}", Assert.Single(made.GetProperty("scopes").EnumerateArray()).GetString());
        Assert.NotEqual(JsonValueKind.Null, made.GetProperty("expiresAt").ValueKind);
        Assert.All(keys.GetProperty("apiKeys").EnumerateArray(), left =>
            Assert.NotEqual(JsonValueKind.Null, left.GetProperty("revokedAt").ValueKind));
    }

    [Fact]
    public async Task Its_exit_code_is_the_agents_and_the_session_is_gone_all_the_same()
    {
        await _archal.LoginAsync(_program.OwnerToken);

        var run = await _archal.RunAsync("run", "--clone", "github", "--", "sh", "-c", "echo $AGENT_SESSION_ID; exit 42");

        Assert.Equal(42, run.ExitCode);
        Assert.Equal("ended", (await _program.SessionAsync(run.Output.Trim())).Text("status"));
    }

    [Fact]
    public async Task A_command_that_is_not_there_starts_no_session()
    {
        await _archal.LoginAsync(_program.OwnerToken);
        var before = await _program.ListAsync("status=all&limit=200");

        var run = await _archal.RunAsync("run", "--clone", "github", "--", "no-such-command-anywhere");

        Assert.Equal(127, run.ExitCode);
        Assert.Equal(before, await _program.ListAsync("status=all&limit=200"));
    }

    public void Dispose() => _archal.Dispose();
}
