using System.Runtime.Versioning;
using ControlPlane.Running;
using ControlPlane.Sessions;

namespace ControlPlane.CommandLine;

/// <summary><c>archal trace</c> and <c>archal inspect</c> against the running program.</summary>
[SupportedOSPlatform("linux")]
public sealed class TraceCommandTests(SharedProgram shared) : IClassFixture<SharedProgram>, IDisposable
{
    private readonly StandaloneProcess _program = shared.Program;
    private readonly Archal _archal = new(shared.Program.Url);

    [Fact]
    public async Task Traces_are_listed_by_scenario_and_shown_by_id()
    {
        await _archal.LoginAsync(_program.OwnerToken);
        foreach (var number in Enumerable.Range(1, 3))
        {
            await SendAsync(new { rootTraceId = $"run-{number}", traceId = "step", scenario = "triage", note = "\u001b[31mred" });
        }

        var elsewhere = new string('e', 100);
        await SendAsync(new { rootTraceId = elsewhere });

        var all = (await _archal.RunAsync("trace")).Good().Output;
        Assert.Equal(["TRACE", elsewhere, "run-3", "run-2", "run-1"], all.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        var two = (await _archal.RunAsync("trace", "triage", "-n", "2")).Good();
        Assert.Equal(["TRACE", "run-3", "run-2"], two.Output.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        Assert.Contains("raise -n", two.Errors, StringComparison.Ordinal);
        Assert.Equal(3, (await _archal.RunAsync("trace", "triage", "--json")).Good().Json().GetProperty("traces").GetArrayLength());

        var one = (await _archal.RunAsync("trace", "run-1")).Good().Output;
        Assert.StartsWith("TRACE", (await _archal.RunAsync("trace", elsewhere)).Good().Output, StringComparison.Ordinal);
        Assert.Contains("\"note\":", one, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', one);
        var json = (await _archal.RunAsync("trace", "run-1", "--json")).Good().Json();
        Assert.Equal("\u001b[31mred", json.GetProperty("traces")[0].GetProperty("payload").Text("note"));
        (await _archal.RunAsync("trace", "no-such")).Failed(1, "no trace");
        (await _archal.RunAsync("trace", "../sessions")).Failed(1, "no trace");
    }

    [Fact]
    public async Task A_session_and_its_run_are_inspected()
    {
        await _archal.LoginAsync(_program.OwnerToken);
        var id = await _program.StartSessionAsync(rateLimit: 9);
        await SendAsync(new { rootTraceId = $"of-{id}", sessionId = id });

        var session = (await _archal.RunAsync("inspect", "session", id)).Good().Output;
        Assert.Contains($"{id}, running", session, StringComparison.Ordinal);
        Assert.Contains("because of its idle deadline", session, StringComparison.Ordinal);
        Assert.Matches(@"Requests left: *9\n", session);
        Assert.Equal(id, (await _archal.RunAsync("inspect", "session", id, "--json")).Good().Json().Text("sessionId"));

        await _program.DeleteAsync($"/api/sessions/{id}");
        var run = (await _archal.RunAsync("inspect", "run", id)).Good().Output;
        Assert.Contains($"{id}, ended", run, StringComparison.Ordinal);
        Assert.Contains($"of-{id}", run, StringComparison.Ordinal);
        Assert.Equal("ended", (await _archal.RunAsync("inspect", "run", id, "--json")).Good().Json().Text("status"));
        (await _archal.RunAsync("inspect", "run", "ses-nobody")).Failed(1, "No run");
    }

    public void Dispose() => _archal.Dispose();

    private async Task SendAsync(object trace) => await _program.CallAsync(HttpMethod.Post, "/api/traces", _program.OwnerToken, trace);
}
