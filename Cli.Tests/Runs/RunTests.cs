using System.Text.Json;
using ControlPlane.Server;

namespace ControlPlane.Runs;

public sealed class RunTests : CliTest
{
    private string Report => Path.Combine(Home, "report");

    [Fact]
    public async Task The_child_gets_the_harness_environment()
    {
        Variables["AGENT_TASK"] = "from the environment";

        var child = await EnvironmentOfChildAsync(
            "--clone", "github", "--clone", "slack", "--seed", "github:small-project", "--ttl-seconds", "600");

        Assert.Equal(["github", "slack"], Server.Sessions.LastRequest.Clones);
        Assert.Equal(("small-project", 600), (Server.Sessions.LastRequest.Seeds!["github"], Server.Sessions.LastRequest.TtlSeconds));
        Assert.Equal(Server.Sessions.Only.ApiBaseUrls, MapIn(child["AGENT_CLONE_URLS"]));
        Assert.Equal(
            new Dictionary<string, string> { ["x-route-authorization"] = $"Bearer {Server.Keys.Only.Secret}" },
            MapIn(child["AGENT_ROUTE_HEADERS"]));
        Assert.Equal("ses-1", child["AGENT_SESSION_ID"]);
        Assert.Equal("from the environment", child["AGENT_TASK"]);
        Assert.Equal("local", child["AGENT_RUN_MODE"]);
        Assert.Equal("http://gateway.example/runtime/ses-1/github/api", child["ARCHAL_GITHUB_REST_URL"]);
        Assert.Equal("http://gateway.example/runtime/ses-1/slack/mcp", child["ARCHAL_SLACK_MCP_URL"]);
        Assert.DoesNotContain("ARCHAL_TOKEN", child.Keys);
        Assert.DoesNotContain(Server.UserToken, child.Values);
    }

    [Fact]
    public async Task The_childs_key_is_for_its_session_and_ends_by_itself()
    {
        await EnvironmentOfChildAsync("--ttl-seconds", "600");

        Assert.Equal("archal run ses-1", Server.Keys.LastRequest.Label);
        Assert.Equal(["sessions:write!session=ses-1"], Server.Keys.LastRequest.Scopes);
        Assert.Equal(660, Server.Keys.LastRequest.ExpiresInSeconds);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task The_task_option_goes_before_the_variable_and_a_mode_that_is_set_stays()
    {
        Variables["AGENT_TASK"] = "from the environment";
        Variables["AGENT_RUN_MODE"] = "ci";

        var child = await EnvironmentOfChildAsync("--task", "close the stale issues");

        Assert.Equal("close the stale issues", child["AGENT_TASK"]);
        Assert.Equal("ci", child["AGENT_RUN_MODE"]);
        Assert.Equal(["github"], Server.Sessions.LastRequest.Clones);
    }

    [Fact]
    public async Task On_a_workspace_key_the_child_gets_that_key_and_it_is_not_revoked()
    {
        Variables["ARCHAL_TOKEN"] = Server.WorkspaceToken;

        var child = await EnvironmentOfChildAsync();

        Assert.Equal($"Bearer {Server.WorkspaceToken}", MapIn(child["AGENT_ROUTE_HEADERS"])["x-route-authorization"]);
        Assert.DoesNotContain(Server.Asked, asked => asked.StartsWith("DELETE /api/workspaces", StringComparison.Ordinal));
        Assert.True(Server.Sessions.AllEnded);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_is_repeated_and_makes_one_session()
    {
        Server.Sessions.AnswersToLose = 1;

        (await RunAsync("run", "--", "true")).Good();
        (await RunAsync("run", "--", "true")).Good();

        Assert.Equal(3, Server.Sessions.Keys.Count);
        Assert.Equal(2, Server.Sessions.Keys.Distinct().Count());
        Assert.All(Server.Sessions.Keys, key => Assert.StartsWith("archal-run-", key, StringComparison.Ordinal));
        Assert.Equal(["DELETE /api/sessions/ses-1", "DELETE /api/sessions/ses-2"], Server.Asked.Where(asked => asked.StartsWith("DELETE /api/sessions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_may_not_make_keys_is_told_that_the_child_gets_the_own_token()
    {
        Server.Instead["POST /api/workspaces/ws-one/api-keys"] =
            http => ContractServer.RefuseAsync(http, 403, "scope_missing", "Only owners and admins make keys.");

        var outcome = (await RunAsync("run", "--", "true")).Good();

        Assert.Contains("your own token", outcome.Errors, StringComparison.Ordinal);
        Assert.True(Server.Sessions.AllEnded);
    }

    [Fact]
    public async Task Arguments_input_and_output_are_the_childs_own()
    {
        string[] arguments = ["a b", "", "--json", "--", "@file", "*", "$HOME"];

        var outcome = await RunAsync(["run", "--", "sh", "-c", "cat; printf '<%s>' \"$@\"; echo wrong >&2", "sh", .. arguments], "typed ");

        Assert.Equal("typed " + string.Concat(arguments.Select(argument => $"<{argument}>")), outcome.Output);
        Assert.Equal("wrong\n", outcome.Errors);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -SEGV $$", 139)]
    public async Task The_exit_code_is_the_childs_and_nothing_is_left(string script, int exitCode)
    {
        Assert.Equal(exitCode, (await RunAsync("run", "--", "sh", "-c", script)).ExitCode);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("no-such-command-anywhere")]
    [InlineData("./no-such-file")]
    [InlineData("")]
    public async Task A_command_that_is_not_there_is_127_and_costs_no_session(string command)
    {
        (await RunAsync("run", "--", command)).Failed(127, "command not found");
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_command_that_cannot_be_started_is_127_and_leaves_nothing()
    {
        await File.WriteAllTextAsync(Report, "not a program");

        (await RunAsync("run", "--", Report)).Failed(127, Report, "cannot be started");
        Assert.Contains("POST /api/sessions", Server.Asked);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task When_no_key_can_be_made_the_session_is_stopped_and_the_command_not_run()
    {
        Server.Instead["POST /api/workspaces/ws-one/api-keys"] =
            http => ContractServer.RefuseAsync(http, 409, "too_many_keys", "The workspace has 500 keys.");

        (await RunAsync("run", "--", "sh", "-c", "touch \"$0\"", Report)).Failed(1, "The workspace has 500 keys.");
        Assert.False(File.Exists(Report));
        Assert.True(Server.Sessions.AllEnded);
    }

    [Fact]
    public async Task A_session_that_fails_to_start_is_a_failure_and_is_taken_away()
    {
        Server.Sessions.StartFailure = "no worker has room";

        (await RunAsync("run", "--", "true")).Failed(1, "no worker has room");
        Assert.True(Server.Sessions.AllEnded);
    }

    [Fact]
    public async Task What_could_not_be_stopped_is_told_and_the_key_is_revoked_all_the_same()
    {
        Server.Instead["DELETE /api/sessions/ses-1"] =
            http => ContractServer.RefuseAsync(http, 503, "control_plane_unavailable", "No silo answers.");

        var outcome = await RunAsync("run", "--", "sh", "-c", "exit 4");

        outcome.Failed(4, "Session ses-1", "No silo answers.", "archal clone stop ses-1");
        Assert.True(Server.Keys.AllRevoked);
    }

    [Fact]
    public async Task The_current_session_stays_what_it_was()
    {
        (await RunAsync("clone", "start", "slack")).Good();
        (await RunAsync("run", "--", "true")).Good();

        Assert.Contains("ses-1", (await RunAsync("clone", "status")).Good().Output, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, string>> EnvironmentOfChildAsync(params string[] options)
    {
        (await RunAsync(["run", .. options, "--", "sh", "-c", "env -0 > \"$0\"", Report])).Good();
        return (await File.ReadAllTextAsync(Report)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }

    private void AssertNothingIsLeft()
    {
        Assert.True(Server.Sessions.AllEnded);
        Assert.Equal("archal run ses-1", Server.Keys.Only.Label);
        Assert.True(Server.Keys.AllRevoked);
    }

    private static Dictionary<string, string> MapIn(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
}
