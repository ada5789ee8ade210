using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using ControlPlane.Running;
using ControlPlane.Sessions;

namespace ControlPlane.CommandLine;

/// <summary><c>archal clone start</c>, more than once.</summary>
[SupportedOSPlatform("linux")]
public sealed class StartAgainTests(SharedProgram shared) : IClassFixture<SharedProgram>, IAsyncLifetime
{
    private readonly StandaloneProcess _program = shared.Program;
    private readonly Archal _archal = new(shared.Program.Url);

    private string Starts => Path.Combine(_archal.Home, "starts.json");

    public Task InitializeAsync() => _archal.LoginAsync(_program.OwnerToken);

    public Task DisposeAsync()
    {
        _archal.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_same_order_means_the_same_session_while_that_runs()
    {
        var first = await StartAsync("github", "--label", "a=1", "--label", "b=2");
        var again = (await _archal.RunAsync("clone", "start", "github", "--label", "b=2", "--label", "a=1", "--json")).Good();

        Assert.Equal(first, again.Json().Id());
        Assert.Contains("--fresh", again.Errors, StringComparison.Ordinal);
        Assert.NotEqual(first, await StartAsync("github", "--label", "a=1"));
        Assert.NotEqual(first, await StartAsync("github", "--label", "a=1", "--label", "b=2", "--ttl-seconds", "600"));

        (await _archal.RunAsync("clone", "stop", first)).Good();
        var second = await StartAsync("github", "--label", "a=1", "--label", "b=2");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await StartAsync("github", "--label", "a=1", "--label", "b=2"));
    }

    [Fact]
    public async Task Fresh_is_always_another_session()
    {
        var label = Guid.NewGuid().ToString("N");
        string[] order = ["github", "--label", $"fresh={label}"];
        var (first, second, third) = (await StartAsync(order), await StartAsync([.. order, "--fresh"]), await StartAsync([.. order, "--fresh"]));

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal(third, await StartAsync(order));
        Assert.Equal(new[] { first, second, third }.Order(), (await _program.ListAsync($"label=fresh%3D{label}")).Order());
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_is_repeated_for_the_same_session()
    {
        var first = await StartAsync("github", "--name", "lost");
        await ForgetAnswersAsync();
        Assert.Equal(first, await StartAsync("github", "--name", "lost"));

        // It was lost, and its session is over: what the server answers again is of no use any more.
        await ForgetAnswersAsync();
        (await _archal.RunAsync("clone", "stop", first)).Good();
        var second = await StartAsync("github", "--name", "lost");
        Assert.NotEqual(first, second);
        Assert.Equal("running", (await _program.SessionAsync(second)).Text("status"));
    }

    [Fact]
    public async Task Two_calls_at_once_have_one_session_and_another_home_has_another()
    {
        var name = Guid.NewGuid().ToString("N");
        await StartAsync("github", "--name", "the first of this home");
        var both = await Task.WhenAll(StartAsync("github", "--name", name), StartAsync("github", "--name", name));
        Assert.Equal(both[0], both[1]);

        using var other = new Archal(_program.Url);
        await other.LoginAsync(_program.OwnerToken);
        Assert.NotEqual(both[0], (await other.RunAsync("clone", "start", "github", "--name", name, "--json")).Good().Json().Id());
    }

    [Fact]
    public async Task A_file_that_makes_no_sense_is_as_good_as_none()
    {
        foreach (var content in (string[])["", "not json", "{}", """{"salt":"","starts":[]}""", """{"salt":"x"}"""])
        {
            await File.WriteAllTextAsync(Starts, content);
            File.SetUnixFileMode(Starts, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await StartAsync("github", "--name", "senseless");
        }
    }

    private async Task<string> StartAsync(params string[] order) =>
        (await _archal.RunAsync(["clone", "start", .. order, "--json"])).Good().Json().Id();

    /// <summary>As the file is while a call waits for its answer.</summary>
    private async Task ForgetAnswersAsync()
    {
        var stored = JsonNode.Parse(await File.ReadAllTextAsync(Starts))!;
        foreach (var start in stored["starts"]!.AsArray())
        {
            Assert.True(start!.AsObject().Remove("sessionId"));
        }

        await File.WriteAllTextAsync(Starts, stored.ToJsonString());
    }
}
