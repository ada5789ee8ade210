namespace ControlPlane.Runs;

/// <summary>Whatever ends a run, its session is stopped, its key revoked, and the child had its say.</summary>
public sealed class SignalTests : CliTest
{
    // Counts Ctrl-C until it reads "end"; shells differ in whether, and how, a signal ends a `read`. Each answer takes a process' time.
    private const string CountInterrupts =
        "trap 'n=$((n+1)); sh -c :; echo interrupted $n' INT; n=0; echo ready; until [ \"$x\" = end ]; do read x; done; echo counted $n";

    private const int Times = 30;

    [LinuxFact]
    public Task SIGTERM_ends_the_child_and_then_the_run() => EndsAsync("TERM", 143);

    [LinuxFact]
    public Task SIGINT_ends_the_child_and_then_the_run() => EndsAsync("INT", 130);

    [LinuxFact]
    public Task SIGHUP_ends_the_child_and_then_the_run() => EndsAsync("HUP", 129);

    [LinuxFact]
    public async Task A_child_that_handles_the_signal_says_how_the_run_ends()
    {
        using var archal = StartDetached("run", "--", "sh", "-c", "trap 'echo tidy; exit 5' TERM; echo ready; read x");
        Assert.Equal("ready", await archal.ReadLineAsync());
        archal.Signal("TERM");

        var outcome = Checked(await archal.EndAsync());

        Assert.Equal((5, "tidy\n"), (outcome.ExitCode, outcome.Output));
        AssertNothingIsLeft();
    }

    [LinuxFact]
    public async Task A_signal_while_the_session_starts_leaves_no_session_behind()
    {
        var isAsked = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        Server.Sessions.BeforeStart = () =>
        {
            isAsked.SetResult();
            return mayAnswer.Task;
        };
        using var archal = StartDetached("run", "--", "cat");
        await isAsked.Task;
        archal.Signal("TERM");
        mayAnswer.SetResult();

        // Its input stays open, so `cat` would never end by itself.
        Assert.Equal(143, Checked(await archal.EndAsync()).ExitCode);
        AssertNothingIsLeft();
    }

    [LinuxFact]
    public async Task A_signal_while_things_are_taken_away_does_not_leave_them()
    {
        var isAsked = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        Server.Sessions.BeforeStop = () =>
        {
            isAsked.SetResult();
            return mayAnswer.Task;
        };
        using var archal = StartDetached("run", "--", "true");
        await isAsked.Task;
        archal.Signal("TERM");
        archal.Signal("INT");
        mayAnswer.SetResult();

        Assert.Equal(0, Checked(await archal.EndAsync()).ExitCode);
        AssertNothingIsLeft();
    }

    [LinuxFact]
    public async Task Ctrl_C_at_a_terminal_reaches_the_child_once()
    {
        Variables["CHILD"] = CountInterrupts;
        using var archal = StartAtTerminal("run -- sh -c \"$CHILD\"");
        await ReadUntilAsync(archal, "ready");

        // Many, since one that is sent on as well could come after the count.
        for (var n = 1; n <= Times; n++)
        {
            await TypeAsync(archal, "\x03");
            await ReadUntilAsync(archal, $"interrupted {n}");
        }

        await TypeAsync(archal, "end\n");
        await ReadUntilAsync(archal, $"counted {Times}");

        Assert.Equal(0, (await archal.EndAsync()).ExitCode);
        AssertNothingIsLeft();
    }

    private async Task EndsAsync(string signal, int exitCode)
    {
        using var archal = StartDetached("run", "--", "sh", "-c", "echo ready; exec cat");
        Assert.Equal("ready", await archal.ReadLineAsync());
        archal.Signal(signal);

        Assert.Equal(exitCode, Checked(await archal.EndAsync()).ExitCode);
        AssertNothingIsLeft();
    }

    private void AssertNothingIsLeft()
    {
        Assert.Equal("ended", Server.Sessions.Only.Status);
        Assert.True(Server.Keys.AllRevoked);
    }

    private static async Task TypeAsync(Archal archal, string keys)
    {
        await archal.Input.WriteAsync(keys);
        await archal.Input.FlushAsync();
    }

    // A terminal echoes what is typed, and is told much besides.
    private static async Task ReadUntilAsync(Archal archal, string text)
    {
        string line;
        do
        {
            line = await archal.ReadLineAsync();
            Assert.False(line.StartsWith("counted", StringComparison.Ordinal) && !line.StartsWith(text, StringComparison.Ordinal), line);
        }
        while (!line.EndsWith(text, StringComparison.Ordinal));
    }
}
