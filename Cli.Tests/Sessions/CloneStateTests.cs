namespace ControlPlane.Sessions;

/// <summary>What the clones of a session hold, from the command line.</summary>
public sealed class CloneStateTests : CliTest
{
    private string StatePath => Path.Combine(Home, "state.json");

    [Fact]
    public async Task Seed_and_reset_mean_the_current_session_unless_another_is_named()
    {
        (await RunAsync("clone", "start", "github", "slack")).Good();
        (await RunAsync("clone", "start", "github")).Good();
        Server.Calls.Clear();

        Assert.Contains("Seeded github of ses-2 with small-project", (await RunAsync("clone", "seed", "github", "small-project")).Good().Output, StringComparison.Ordinal);
        (await RunAsync(["clone", "seed", "slack", "--file", "-", "--session", "ses-1"], """{"a":[1]}""")).Good();
        Assert.Contains("Reset github of ses-2", (await RunAsync("clone", "reset")).Good().Output, StringComparison.Ordinal);
        (await RunAsync("twin", "reset", "slack", "--session", "ses-1")).Good();

        Assert.Equal(
            [
                ("POST /api/sessions/ses-2/clones/github/seed", """{"seed":"small-project"}"""),
                ("POST /api/sessions/ses-1/clones/slack/seed", """{"state":{"a":[1]}}"""),
                ("POST /api/sessions/ses-2/reset", "{}"),
                ("POST /api/sessions/ses-1/reset", """{"clone":"slack"}"""),
            ],
            Server.Calls.Select(call => (call.What, call.Body)));
    }

    [Fact]
    public async Task Start_takes_every_clone_and_states_from_files()
    {
        await File.WriteAllTextAsync(StatePath, """{"a":1}""");

        (await RunAsync("clone", "start", "--all", "--seed", "github:small-project", "--seed-file", $"slack:{StatePath}")).Good();

        Assert.Equal(["github", "slack"], Server.Sessions.LastRequest.Clones);
        Assert.Equal(
            ["GET /api/clones", "POST /api/sessions", "POST /api/sessions/ses-1/clones/slack/seed"], Server.Asked);
        Assert.Equal("""{"state":{"a":1}}""", Server.Calls.Last().Body);
    }

    [Fact]
    public async Task A_session_that_does_not_get_its_state_is_stopped_again()
    {
        await File.WriteAllTextAsync(StatePath, "{}");
        Server.Sessions.SeedFailure = "state: user is missing.";

        var outcome = await RunAsync("clone", "start", "github", "--seed-file", StatePath);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("archal: state: user is missing.\n", outcome.Errors, StringComparison.Ordinal);
        Assert.True(Server.Sessions.AllEnded);
        (await RunAsync("clone", "status")).Failed(2, "No session is current");
    }

    [Fact]
    public async Task A_file_that_is_no_state_starts_nothing()
    {
        await File.WriteAllTextAsync(StatePath, "[1,\n2");
        (await RunAsync("clone", "start", "github", "--seed-file", StatePath)).Failed(2, "is not JSON, at line 2");
        await File.WriteAllTextAsync(StatePath, "[1]");
        (await RunAsync("clone", "start", "github", "--seed-file", StatePath)).Failed(2, "one JSON object");
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Tools_are_listed_as_text_and_as_json()
    {
        Assert.Contains("github-list  GET     /items", (await RunAsync("clone", "tools", "github")).Good().Lines);
        Assert.Equal("github-list", (await RunAsync("twin", "tools", "github", "--json")).Good().Json().GetProperty("tools")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Faults_are_set_from_a_file_shown_and_cleared()
    {
        const string List = """{"faults":[{"method":"POST","path":"/user","delayMs":20,"status":503,"times":2}]}""";
        (await RunAsync("clone", "start", "github")).Good();
        Server.Calls.Clear();

        Assert.Contains("POST    /user  20 ms  503   2", (await RunAsync(["clone", "faults", "github", "--file", "-"], List)).Good().Lines);
        Assert.Equal(503, (await RunAsync("clone", "faults", "github", "--json")).Good().Json().GetProperty("faults")[0].GetProperty("status").GetInt32());
        Assert.Contains("No faults are set on github.", (await RunAsync("clone", "faults", "github", "--clear", "--session", "ses-1")).Good().Lines);
        (await RunAsync("clone", "faults", "github", "--clear", "--file", "-")).Failed(2, "either --file or --clear");
        (await RunAsync(["clone", "faults", "github", "--file", "-"], """{"faults":[{"colour":"red"}]}""")).Failed(2, "no list of faults");

        const string Path = "/api/sessions/ses-1/clones/github/faults";
        Assert.Equal(
            [($"PUT {Path}", List), ($"GET {Path}", ""), ($"PUT {Path}", """{"faults":[]}""")], Server.Calls.Select(call => (call.What, call.Body)));
    }

    [Fact]
    public async Task Events_are_followed_until_the_server_ends_them()
    {
        (await RunAsync("clone", "start", "github")).Good();

        var told = (await RunAsync("clone", "events")).Good().Lines.ToList();
        Assert.EndsWith("ses-1  running", told[0], StringComparison.Ordinal);
        Assert.EndsWith("ses-1  failed  worker_lost  It was lost.", told[1], StringComparison.Ordinal);

        var lines = (await RunAsync("clone", "events", "--all", "--json")).Good().Lines.ToList();
        Assert.Equal("""{"sessionId":"ses-9","type":"running","at":"2026-01-01T12:00:00Z"}""", lines[0]);
        Assert.Contains("GET /api/workspaces/ws-one/events", Server.Asked);
    }

    [LinuxFact]
    public async Task At_a_terminal_a_start_that_takes_its_time_says_so()
    {
        var told = new TaskCompletionSource();
        Server.Sessions.BeforeStart = () => told.Task;
        using var archal = StartAtTerminal("clone start github");

        var seen = "";
        while (!seen.Contains("Starting github ...", StringComparison.Ordinal))
        {
            seen += await archal.ReadSomeAsync();
        }

        told.SetResult();
        Assert.Contains("Session: ses-1", (await archal.EndAsync()).Output, StringComparison.Ordinal);
    }
}
