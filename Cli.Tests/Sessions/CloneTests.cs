using System.Diagnostics;
using System.Text.Json;

namespace ControlPlane.Sessions;

public sealed class CloneTests : CliTest
{
    // Other sequences are .NET's own greeting to a terminal.
    private const string Colour = @"\e\[[0-9;]+m";

    [Fact]
    public async Task The_catalogue_is_listed_as_text_and_as_json()
    {
        var text = (await RunAsync("clone")).Good();
        var json = (await RunAsync("twin", "--json")).Good();

        Assert.Contains(text.Lines, line => line.StartsWith("github  empty, small-project  GitHub: ", StringComparison.Ordinal));
        Assert.Equal(2, JsonSerializer.Deserialize(json.Output, ContractsJson.Default.CloneCatalogue)!.Clones.Count);
    }

    [Fact]
    public async Task Start_prints_the_session_with_its_lifetime_and_each_clone()
    {
        var outcome = (await RunAsync("clone", "start", "github", "slack")).Good();

        Assert.StartsWith("Session: ses-1 (running, 30 min left, until ", outcome.Lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "github clone ready: http://gateway.example/runtime/ses-1/github/api",
                "github MCP: http://gateway.example/runtime/ses-1/github/mcp",
                "slack clone ready: http://gateway.example/runtime/ses-1/slack/api",
                "slack MCP: http://gateway.example/runtime/ses-1/slack/mcp",
            ],
            outcome.Lines[1..]);
    }

    [Theory]
    [InlineData("github slack --seed github:small-project --seed slack:empty")]
    [InlineData("github slack --seed github:small-project slack:empty")]
    [InlineData("--seed github:small-project --seed slack:empty github slack")]
    public async Task Start_asks_for_exactly_what_was_said(string clones)
    {
        string[] options =
        [
            "--name", "my run", "--label", "ticket=42", "--label", "query=a=b", "--ttl-seconds", "600", "--rate-limit", "50", "--json",
        ];

        var outcome = (await RunAsync(["clone", "start", .. clones.Split(' '), .. options])).Good();

        var asked = Server.Sessions.LastRequest;
        Assert.Equal(["github", "slack"], asked.Clones);
        Assert.Equal(new Dictionary<string, string> { ["github"] = "small-project", ["slack"] = "empty" }, asked.Seeds);
        Assert.Equal(new Dictionary<string, string> { ["ticket"] = "42", ["query"] = "a=b" }, asked.Labels);
        Assert.Equal(("my run", 600, 50), (asked.Name, asked.TtlSeconds, asked.RateLimit));
        Assert.Equal("ses-1", JsonSerializer.Deserialize(outcome.Output, ContractsJson.Default.SessionSummary)!.SessionId);
    }

    [Fact]
    public async Task A_shell_can_evaluate_the_exports()
    {
        var outcome = (await RunAsync("clone", "start", "github", "--env")).Good();

        const string Script = "eval \"$1\"; echo \"$ARCHAL_GITHUB_REST_URL $ARCHAL_GITHUB_MCP_URL\"";
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", outcome.Output])
        {
            RedirectStandardOutput = true,
        };
        using var shell = Process.Start(start)!;
        Assert.Equal(
            "http://gateway.example/runtime/ses-1/github/api http://gateway.example/runtime/ses-1/github/mcp\n",
            await shell.StandardOutput.ReadToEndAsync());
        Assert.Contains("Session: ses-1", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_started_last_is_meant_until_another_is_attached()
    {
        (await RunAsync("clone", "start", "github")).Good();
        (await RunAsync("clone", "start", "slack")).Good();
        Server.Calls.Clear();

        (await RunAsync("clone", "status")).Good();
        (await RunAsync("clone", "attach", "SES-1")).Good();
        (await RunAsync("clone", "renew", "7200")).Good();
        (await RunAsync("clone", "renew", "--session", "ses-2")).Good();
        (await RunAsync("clone", "stop")).Good();
        (await RunAsync("clone", "stop", "ses-2")).Good();

        Assert.Equal(
            [
                "GET /api/sessions/ses-2", "GET /api/sessions/ses-2/liveness", "GET /api/sessions/SES-1", "POST /api/sessions/ses-1/renew",
                "POST /api/sessions/ses-2/renew", "DELETE /api/sessions/ses-1", "DELETE /api/sessions/ses-2",
            ],
            Server.Asked);
        Assert.Equal(
            ["""{"ttlSeconds":7200}""", "{}"],
            from call in Server.Calls where call.What.EndsWith("renew", StringComparison.Ordinal) select call.Body);
        (await RunAsync("clone", "status")).Failed(2, "No session is current");
    }

    [Fact]
    public async Task Status_tells_until_when_and_why()
    {
        (await RunAsync("clone", "start", "github")).Good();

        var text = (await RunAsync("clone", "status")).Good();
        var json = (await RunAsync("clone", "status", "ses-1", "--json")).Good();

        Assert.Contains(text.Lines, line => line[..4] == "Idle" && line.EndsWith("(the next deadline)", StringComparison.Ordinal));
        Assert.Contains("Requests left: 17", text.Lines);
        Assert.Equal("ses-1", json.Json().GetProperty("sessionId").GetString());
        Assert.Equal("idle", json.Json().GetProperty("liveness").GetProperty("because").GetString());
    }

    [Fact]
    public async Task List_reads_on_until_it_has_what_was_asked_for()
    {
        Server.Sessions.PageSize = 2;
        for (var n = 0; n < 5; n++)
        {
            (await RunAsync("clone", "start", "github", "--fresh")).Good();
        }

        Server.Calls.Clear();
        var all = (await RunAsync("clone", "list", "--json", "--label", "a=b&c", "--status", "running", "--clone", "github")).Good();
        var some = (await RunAsync("clone", "list", "--limit", "3")).Good();

        Assert.Equal(5, JsonSerializer.Deserialize(all.Output, ContractsJson.Default.SessionList)!.Sessions.Count);
        Assert.Equal("GET /api/sessions?status=running&label=a%3Db%26c&clone=github&limit=98&cursor=2", Server.Asked.ElementAt(1));
        Assert.Equal(1 + 3, some.Lines.Length);
        Assert.Contains("--limit", some.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_of_what_the_server_does_not_know_fails_and_forgets_it()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, "session.json"), """{"sessionId":"ses-9"}""");
        File.SetUnixFileMode(Path.Combine(Home, "session.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await RunAsync("clone", "stop")).Failed(1, "There is no session ses-9.");
        (await RunAsync("clone", "stop")).Failed(2, "No session is current");
    }

    [Fact]
    public async Task A_session_that_fails_to_start_is_a_failure_with_its_reason()
    {
        Server.Sessions.StartFailure = "no worker has room";

        (await RunAsync("clone", "start", "github")).Failed(1, "ses-1", "no worker has room");
    }

    [Fact]
    public async Task What_a_server_wrote_moves_no_cursor()
    {
        (await RunAsync("clone", "start", "github", "--name", "\e[2Jname")).Good();

        Assert.Contains("[2Jname", (await RunAsync("clone", "list")).Good().Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task At_a_terminal_tables_have_colour_unless_it_is_not_wanted()
    {
        (await RunAsync("clone", "start", "github")).Good();

        Assert.Matches(Colour, await AtTerminalAsync());
        Variables["NO_COLOR"] = "1";
        Assert.DoesNotMatch(Colour, await AtTerminalAsync());
    }

    private async Task<string> AtTerminalAsync()
    {
        using var archal = StartAtTerminal("clone list");
        return (await archal.EndAsync()).Good().Output;
    }
}
