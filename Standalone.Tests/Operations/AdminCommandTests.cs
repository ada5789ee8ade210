using System.Runtime.Versioning;
using ControlPlane.CommandLine;
using ControlPlane.Running;
using ControlPlane.Sessions;

namespace ControlPlane.Operations;

/// <summary>A program in which sessions that nobody uses are soon over.</summary>
public sealed class HastyProgram() : RunningProgram("--Sessions:IdleLimit=00:00:05");

/// <summary>The operator's commands, built, against the running program.</summary>
[SupportedOSPlatform("linux")]
public sealed class AdminCommandTests(HastyProgram shared) : IClassFixture<HastyProgram>, IAsyncLifetime
{
    private readonly StandaloneProcess _program = shared.Program;
    private readonly Archal _archal = new(shared.Program.Url);

    public Task InitializeAsync() => _archal.LoginAsync(_program.OwnerToken);

    public Task DisposeAsync()
    {
        _archal.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_session_says_why_it_lives_and_after_each_death_why_it_is_dead()
    {
        var idle = await _program.StartSessionAsync();
        var ended = (await _program.CallAsync(HttpMethod.Post, "/api/sessions", _program.OwnerToken, new { clones = new[] { "github" }, ttlSeconds = 1 }))
            .Text("sessionId");
        var stopped = await _program.StartSessionAsync();

        // Renewed, so that it lives for as long as the commands take.
        await _program.CallAsync(HttpMethod.Post, $"/api/sessions/{stopped}/renew", _program.OwnerToken, new { ttlSeconds = 600 });
        var alive = (await _archal.RunAsync("admin", "sessions", "why", stopped)).Good().Output;
        Assert.Contains("Because:        idle. It was renewed until its idle deadline", alive, StringComparison.Ordinal);
        Assert.Contains("the worker is there", alive, StringComparison.Ordinal);

        (await _program.DeleteAsync($"/api/sessions/{stopped}")).Dispose();
        Assert.Contains("stopped. user:usr-owner stopped it.", (await _archal.RunAsync("admin", "sessions", "why", stopped)).Good().Output, StringComparison.Ordinal);
        await OverAsync(idle, "idle");
        await OverAsync(ended, "end_reached");
        Assert.Contains("end_reached", (await _archal.RunAsync("clone", "events", ended)).Good().Output, StringComparison.Ordinal);
        (await _archal.RunAsync("admin", "sessions", "why", "ses-00000000000000000000000000")).Failed(1, "no such session");
    }

    [Fact]
    public async Task The_status_names_what_the_other_commands_take()
    {
        var text = (await _archal.RunAsync("admin", "status")).Good().Output;
        Assert.Contains("LEASE LEFT", text, StringComparison.Ordinal);

        var status = (await _archal.RunAsync("admin", "status", "--json")).Good().Json();
        var worker = status.GetProperty("workers")[0].Text("workerId");
        Assert.Equal("active", status.GetProperty("silos")[0].Text("status"));

        Assert.Contains("no new sessions", (await _archal.RunAsync("admin", "workers", "drain", worker)).Good().Output, StringComparison.Ordinal);
        (await _archal.RunAsync("clone", "start", "github")).Failed(1, "full");
        Assert.Contains("given sessions again", (await _archal.RunAsync("admin", "workers", "drain", worker, "--undo")).Good().Output, StringComparison.Ordinal);
        (await _archal.RunAsync("admin", "workers", "drain", "nobody")).Failed(1, "no worker with this id");
        (await _archal.RunAsync("admin", "gateways", "evict", "nobody")).Failed(1, "No gateway");
    }

    [Fact]
    public async Task Help_has_an_example_of_each_command()
    {
        var help = (await _archal.RunAsync("admin", "--help")).Good().Output;

        Assert.All(
            (string[])["status", "gateways evict", "workers drain", "sessions why", "backup", "restore"],
            command => Assert.Contains($"archal admin {command}", help, StringComparison.Ordinal));
    }

    /// <summary>Alarms wake sessions within a minute at most; here within seconds.</summary>
    private Task OverAsync(string session, string because) => Until.TrueAsync($"it is over because of {because}", async () =>
    {
        var why = await _program.CallAsync(HttpMethod.Get, $"/api/admin/sessions/{session}/why", _program.OwnerToken);
        Assert.True(why.GetProperty("alive").GetBoolean() || why.Text("because") == because, why.ToString());
        return !why.GetProperty("alive").GetBoolean();
    });
}
