using ControlPlane.CommandLine;
using ControlPlane.Running;

namespace ControlPlane.Clients;

/// <summary>The clients of <c>clients/</c> against the running program: their own tests, and the examples of their pages as they stand there.</summary>
public sealed class ClientTests(SharedProgram shared) : IClassFixture<SharedProgram>, IDisposable
{
    private readonly StandaloneProcess _program = shared.Program;
    private readonly Archal _archal = new(shared.Program.Url);
    private readonly DataFolder _work = new();

    [Fact]
    public async Task The_Node_client_passes_its_tests_and_skips_none()
    {
        var said = await Tool.RunAsync("node", ["--test", "--test-reporter=tap", Test("offline"), Test("live")], Environment());

        Assert.Contains("\n# fail 0\n", said, StringComparison.Ordinal);
        Assert.Contains("\n# skipped 0\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# pass 0\n", said, StringComparison.Ordinal);

        static string Test(string name) => Path.Combine(ReadmeExamples.Folder("node"), "test", $"{name}.test.js");
    }

    [Fact]
    public async Task The_Python_client_passes_its_tests_and_skips_none()
    {
        var (exitCode, _, said) = await Bash.RunAsync(
            $"{string.Join(' ', Environment().Select(one => $"{one.Key}='{one.Value}'"))} python3 -m unittest", ReadmeExamples.Folder("python"));

        Assert.True(exitCode == 0, said);
        Assert.Matches(@"Ran [1-9]\d* tests in [^\n]*\n\nOK\n$", said); // "OK (skipped=4)" is not it.
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task The_examples_of_its_page_print_what_the_page_says(string client)
    {
        var examples = ReadmeExamples.Of(client).Where(example => example.Prints is not null).ToList();

        Assert.Equal(3, examples.Count);
        foreach (var (program, prints) in examples)
        {
            // Those that start no session of their own are run where there is one.
            var outcome = await RunAsync(client, [await StoredAsync(client, program)], within: !program.Contains("session", StringComparison.Ordinal));
            Assert.Equal(prints, outcome.Good().Output);
        }

        var left = await _program.CallAsync(HttpMethod.Get, "/api/sessions", _program.OwnerToken);
        Assert.Empty(left.GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task The_edge_worker_of_the_page_answers_with_what_the_clone_says()
    {
        var (program, _) = Assert.Single(ReadmeExamples.Of("node"), example => example.Prints is null);
        var host = Path.Combine(Tool.Root, "Standalone.Tests", "Examples", "worker-host.mjs");

        var outcome = await RunAsync("node", [host, await StoredAsync("node", program)], within: true);

        Assert.StartsWith("{\"login\":\"octocat\"", outcome.Good().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_told_by_whom_it_was_refused_when_its_session_ends_under_it()
    {
        const string Agent =
            """
            import { ArchalError, cloneFetch, routeHeaders } from '@archal/runtime';

            const api = `${process.env.ARCHAL_API_URL}/api/sessions/${process.env.AGENT_SESSION_ID}`;
            const token = routeHeaders()['x-route-authorization'];
            console.log((await cloneFetch('github', '/user', { headers: { Authorization: 'token any' } })).status);
            console.log((await cloneFetch('github', '/user')).status);
            console.log((await fetch(api, { method: 'DELETE', headers: { Authorization: token } })).status);
            await cloneFetch('github', '/user').catch((failure) => console.log(failure instanceof ArchalError, failure.source, failure.code));
            """;

        var outcome = await RunAsync("node", [await StoredAsync("node", Agent)], within: true);

        Assert.Equal("200\n401\n204\ntrue gateway session_ended\n", outcome.Good().Output);
    }

    public void Dispose()
    {
        _archal.Dispose();
        _work.Dispose();
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["ARCHAL_API_URL"] = _program.Url.GetLeftPart(UriPartial.Authority),
        ["ARCHAL_TOKEN"] = _program.OwnerToken,
        ["PYTHONPATH"] = ReadmeExamples.Folder("python"),
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>Writes it where its client is found as if it were installed; the answer is its path.</summary>
    private async Task<string> StoredAsync(string client, string program)
    {
        var packages = Path.Combine(_work.Path, "node_modules", "@archal");
        if (!Directory.Exists(packages))
        {
            Directory.CreateDirectory(packages);
            Directory.CreateSymbolicLink(Path.Combine(packages, "runtime"), ReadmeExamples.Folder("node"));
        }

        var file = Path.Combine(_work.Path, $"{Guid.NewGuid():N}.{(client == "node" ? "mjs" : "py")}");
        await File.WriteAllTextAsync(file, program);
        return file;
    }

    private async Task<Outcome> RunAsync(string client, string[] arguments, bool within)
    {
        string[] command = [client == "node" ? "node" : "python3", .. arguments];
        if (within)
        {
            return await _archal.RunAsync("", Environment(), ["run", "--clone", "github", "--seed", "github:small-project", "--", .. command]);
        }

        var set = Environment().Select(one => $"{one.Key}='{one.Value}'");
        var (exitCode, output, error) = await Bash.RunAsync($"{string.Join(' ', set)} {string.Join(' ', command)}", _work.Path);
        return new Outcome(exitCode, output, error);
    }
}
