using System.Runtime.Versioning;
using System.Text.Json;
using ControlPlane.Credentials;
using ControlPlane.Running;
using ControlPlane.Sessions;

namespace ControlPlane.CommandLine;

/// <summary>Every command of the built command line against the running program.</summary>
[SupportedOSPlatform("linux")]
public sealed class CommandLineTests(SharedProgram shared) : IClassFixture<SharedProgram>, IDisposable
{
    private readonly StandaloneProcess _program = shared.Program;
    private readonly Archal _archal = new(shared.Program.Url);

    [Fact]
    public async Task Logging_in_stores_the_token_for_its_owner_alone_and_logging_out_forgets_it()
    {
        (await _archal.RunAsync("whoami")).Failed(1, "Not logged in");

        var login = (await _archal.RunAsync(_program.OwnerToken + "\n", [], "login", "--token", "-")).Good();
        Assert.DoesNotContain(_program.OwnerToken, login.Output + login.Errors, StringComparison.Ordinal);
        var file = Path.Combine(_archal.Home, "credentials.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(_program.OwnerToken, JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.Text("token"));

        var me = (await _archal.RunAsync("whoami", "--json")).Good().Json();
        Assert.Equal(("personal", "owner", Tenant.Workspace), (me.Text("credentialKind"), me.Text("role"), me.Text("workspaceId")));
        Assert.Contains(Tenant.Workspace, (await _archal.RunAsync("whoami")).Good().Output, StringComparison.Ordinal);

        (await _archal.RunAsync("logout")).Good();
        Assert.False(File.Exists(file));
        (await _archal.RunAsync("whoami")).Failed(1, "Not logged in");
    }

    [Fact]
    public async Task Logging_out_can_end_the_token_that_was_stored_and_no_other()
    {
        await _archal.LoginAsync(_program.OwnerToken);
        var key = (await _archal.RunAsync("workspace", "api-key", "create", "to be ended")).Good().Output.Trim();
        await _archal.LoginAsync(key);

        var logout = (await _archal.RunAsync("", new Dictionary<string, string> { ["ARCHAL_TOKEN"] = _program.OwnerToken }, "logout", "--revoke")).Good();

        Assert.Contains("1 gateway told", logout.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_archal.Home, "credentials.json")));
        (await _archal.RunAsync("", new Dictionary<string, string> { ["ARCHAL_TOKEN"] = key }, "whoami")).Failed(1, "unknown or was");
        (await _archal.RunAsync("", new Dictionary<string, string> { ["ARCHAL_TOKEN"] = _program.OwnerToken }, "whoami")).Good();
        Assert.Equal("Not logged in.\n", (await _archal.RunAsync("logout", "--revoke")).Good().Output);
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know_is_not_stored()
    {
        var stranger = Token.Create(CredentialKind.Personal, Token.NewId());

        (await _archal.RunAsync(stranger + "\n", [], "login", "--token", "-")).Failed(1, "unknown or was");

        Assert.Empty(Directory.GetFiles(_archal.Home));
    }

    [Fact]
    public async Task A_key_is_made_listed_used_and_revoked()
    {
        await _archal.LoginAsync(_program.OwnerToken);
        var label = $"of {Guid.NewGuid():N}";

        var made = (await _archal.RunAsync("workspace", "api-key", "create", label, "--scope", "sessions:read", "workspaces:read",
            "--expires-in", "3600")).Good();
        var secret = made.Output.TrimEnd('\n');
        Assert.True(Token.TryParse(secret, out var kind, out var id));
        Assert.Equal(CredentialKind.WorkspaceKey, kind);

        var json = (await _archal.RunAsync("workspace", "api-key", "create", label, "--scope", "sessions:read", "--scope",
            "sessions:write", "--json")).Good().Json();
        Assert.Equal(["sessions:read", "sessions:write"], json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));

        var listed = (await _archal.RunAsync("workspace", "api-keys", "--json")).Good();
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        Assert.Equal(2, listed.Json().GetProperty("apiKeys").EnumerateArray().Count(key => key.Text("label") == label));
        Assert.Contains(id, (await _archal.RunAsync("workspace", "api-keys")).Good().Output, StringComparison.Ordinal);

        var asKey = new Dictionary<string, string> { ["ARCHAL_TOKEN"] = secret };
        Assert.Equal("workspace_key", (await _archal.RunAsync("", asKey, "whoami", "--json")).Good().Json().Text("credentialKind"));
        (await _archal.RunAsync("", asKey, "clone", "list")).Good();
        (await _archal.RunAsync("", asKey, "clone", "start", "github")).Failed(1, "sessions:write");
        (await _archal.RunAsync("", asKey, "workspace", "api-key", "create", "another")).Failed(1, "");

        var revoked = (await _archal.RunAsync("workspace", "api-key", "revoke", id, "--json")).Good().Json();
        Assert.Equal(id, revoked.EnumerateObject().First().Value.GetString());
        (await _archal.RunAsync("", asKey, "whoami")).Failed(1, "");
        (await _archal.RunAsync("workspace", "api-key", "revoke", json.Text("id"))).Good();
        (await _archal.RunAsync("workspace", "api-key", "revoke", "nosuchkey000")).Failed(1, "no key");
    }

    [Theory]
    [InlineData("clone")]
    [InlineData("twin")]
    public async Task A_session_is_started_shown_attached_renewed_and_stopped(string clone)
    {
        await _archal.LoginAsync(_program.OwnerToken);
        Assert.Contains("small-project", (await _archal.RunAsync(clone)).Good().Output, StringComparison.Ordinal);
        Assert.Equal("github", (await _archal.RunAsync(clone, "--json")).Good().Json().GetProperty("clones")[0].Text("id"));

        var label = $"of={Guid.NewGuid():N}";
        var started = (await _archal.RunAsync(
            clone, "start", "github", "--seed", "github:small-project", "--name", "From outside", "--label", label, "--ttl-seconds", "600",
                "--rate-limit", "50")).Good();
        var id = started.Output.Split('\n')[0].Split(' ')[1];
        Assert.StartsWith($"Session: {id} (running, ", started.Output, StringComparison.Ordinal);
        Assert.Contains($"github clone ready: {_program.Url}runtime/{id}/github/api\n", started.Output, StringComparison.Ordinal);

        var status = (await _archal.RunAsync(clone, "status", "--json")).Good().Json();
        Assert.Equal((id, "From outside", "end"), (status.Id(), status.Text("name"), status.GetProperty("liveness").Text("because")));
        Assert.Contains("Requests left: 50", (await _archal.RunAsync(clone, "status")).Good().Output, StringComparison.Ordinal);
        Assert.Equal([id], SessionCalls.Ids((await _archal.RunAsync(clone, "list", "--label", label, "--json")).Good().Json()));
        Assert.Contains("From outside", (await _archal.RunAsync(clone, "list")).Good().Output, StringComparison.Ordinal);

        var second = (await _archal.RunAsync(clone, "start", "github", "--json")).Good().Json().Id();
        Assert.Equal(second, (await _archal.RunAsync(clone, "status", "--json")).Good().Json().Id());
        Assert.Contains(id, (await _archal.RunAsync(clone, "attach", id)).Good().Output, StringComparison.Ordinal);

        var renewed = (await _archal.RunAsync(clone, "renew", "7200", "--json")).Good().Json();
        Assert.Equal(id, renewed.Id());
        Assert.True(renewed.Time("expiresAt") > status.Time("expiresAt").AddSeconds(6000));

        (await _archal.RunAsync(clone, "stop")).Good();
        Assert.Equal("ended", (await _program.SessionAsync(id)).Text("status"));
        Assert.Equal(second, (await _archal.RunAsync(clone, "stop", second, "--json")).Good().Json().Id());
        (await _archal.RunAsync(clone, "attach", id)).Failed(1, "ended");
        Assert.Empty(SessionCalls.Ids((await _archal.RunAsync(clone, "list", "--label", label, "--json")).Good().Json()));
        Assert.Equal([id], SessionCalls.Ids(
            (await _archal.RunAsync(clone, "list", "--label", label, "--status", "ended", "--json")).Good().Json()));
    }

    [Fact]
    public async Task The_exports_of_start_reach_the_clone_from_a_shell()
    {
        await _archal.LoginAsync(_program.OwnerToken);
        var exports = (await _archal.RunAsync("clone", "start", "github", "--env")).Good().Output;

        var (exitCode, output, error) = await Bash.RunAsync(
            $"{exports}\ncurl -sf \"$ARCHAL_GITHUB_REST_URL/user\" -H \"x-route-authorization: Bearer $(cat {_program.Data}/owner.token)\" -H 'Authorization: token x'");

        Assert.True(exitCode == 0, error);
        Assert.Equal("octocat", JsonDocument.Parse(output).RootElement.Text("login"));
    }

    [Fact]
    public async Task What_the_call_got_wrong_is_2_and_what_the_server_refuses_is_1()
    {
        (await _archal.RunAsync("clone", "stop", SessionId.New())).Failed(1, "Not logged in");
        await _archal.LoginAsync(_program.OwnerToken);
        (await _archal.RunAsync("clone", "start", "gitlab")).Failed(1, "clones[0]");
        (await _archal.RunAsync("clone", "start", "github", "--seed", "github:huge")).Failed(1, "seeds.github");
        (await _archal.RunAsync("clone", "start", "github", "--ttl-seconds", "0")).Failed(1, "ttlSeconds");
        (await _archal.RunAsync("clone", "stop", SessionId.New())).Failed(1, "There is no such session");
        (await _archal.RunAsync("clone", "start", "github", "--ttl-seconds", "soon")).Failed(2, "soon");
        (await _archal.RunAsync("clone", "start")).Failed(2, "");
        (await _archal.RunAsync("clone", "start", "github", "--bogus")).Failed(2, "--bogus");
        (await _archal.RunAsync("bogus")).Failed(2, "bogus");
        (await _archal.RunAsync("run", "--clone", "github")).Failed(2, "");
        (await _archal.RunAsync("", Server("nowhere"), "whoami")).Failed(2, "ARCHAL_API_URL");
        (await _archal.RunAsync("", Server("http://localhost:1"), "whoami")).Failed(1, "http://localhost:1");
    }

    public void Dispose() => _archal.Dispose();

    private static Dictionary<string, string> Server(string url) => new() { ["ARCHAL_API_URL"] = url };
}
