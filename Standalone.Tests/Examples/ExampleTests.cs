using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ControlPlane.Contract;
using ControlPlane.Running;

namespace ControlPlane.Examples;

/// <summary>The examples of <c>docs/examples</c>, as their readers paste them: programs of their own, in both dialects and both forms.</summary>
[Collection(nameof(FactsInHand))]
public sealed partial class ExampleTests(FactsInHand program)
{
    private static readonly string Folder = Path.Combine(Tool.Root, "docs", "examples");

    private static readonly string[] Dialects = ["route-dialect", "upstream-dialect"];

    /// <summary>curl resolves <c>*.localhost</c> by itself; the others can where the system's resolver can.</summary>
    public static TheoryData<string, string, string> Runs()
    {
        var runs = new TheoryData<string, string, string>();
        foreach (var dialect in Dialects)
        {
            foreach (var file in new[] { "issue.sh", "issue.py", "worker.ts" })
            {
                runs.Add(dialect, file, "path");
                if (file == "issue.sh" || ResolverKnowsLocalhost())
                {
                    runs.Add(dialect, file, "host");
                }
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task It_opens_an_issue(string dialect, string file, string form)
    {
        var session = await program.Program.StartSessionAsync();
        var url = program.Program.Url;
        var environment = new Dictionary<string, string>
        {
            ["ARCHAL_GITHUB_REST_URL"] = form == "path" ? $"{url}runtime/{session}/github/api" : $"http://{session}.clones.localhost:{url.Port}/github/api",
            ["ARCHAL_TOKEN"] = program.Key.Secret,
            ["GITHUB_TOKEN"] = string.Join('_', "ghp", new string('0', 36)),
            ["NO_PROXY"] = "*",
        };

        var said = await RunAsync(Path.Combine(Folder, dialect, file), environment);

        Assert.Contains(form == "path" ? $"{url}runtime/{session}/github" : $"http://{session}.clones.localhost:{url.Port}/github", said, StringComparison.Ordinal);
        Assert.Contains("octocat", said, StringComparison.Ordinal);
        var issues = await program.Program.CallAsync(
            HttpMethod.Get, $"/runtime/{session}/github/api/repos/octocat/small-project/issues?per_page=1", program.Key.Secret);
        Assert.Matches("^From (an|octocat's) example$", issues[0].GetProperty("title").GetString());
    }

    [Fact]
    public void The_pages_point_to_every_example()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var examples = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".md", StringComparison.Ordinal)).ToList();

        Assert.Equal(6, examples.Count);
        Assert.All(examples, file => Assert.Contains($"({Path.GetRelativePath(Folder, file)})", page, StringComparison.Ordinal));
        Assert.Contains("(examples/README.md)", File.ReadAllText(Path.Combine(Folder, "..", "direct-access.md")), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string file, Dictionary<string, string> environment)
    {
        switch (Path.GetExtension(file))
        {
            case ".sh":
                return await Tool.RunAsync("bash", ["-euc", await File.ReadAllTextAsync(file)], environment);
            case ".py":
                return await Tool.RunAsync("python3", [file], environment);
            default:
                var folder = Directory.CreateTempSubdirectory("control-plane-");
                var module = Path.Combine(folder.FullName, "worker.mjs");
                await File.WriteAllTextAsync(module, Annotation().Replace(Interface().Replace(await File.ReadAllTextAsync(file), ""), ""));
                var said = await Tool.RunAsync("node", [Path.Combine(Tool.Root, "Standalone.Tests", "Examples", "worker-host.mjs"), module], environment);
                folder.Delete(recursive: true);
                return said;
        }
    }

    private static bool ResolverKnowsLocalhost()
    {
        try
        {
            return Dns.GetHostAddresses("ses-any.clones.localhost").Any(IPAddress.IsLoopback);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^interface \w+ \{\n(?:  .*\n)*\}\n", RegexOptions.Multiline)]
    private static partial Regex Interface();

    // After a name or a parameter list, before what may follow a type: a comma, a parenthesis, a default or a body.
    [GeneratedRegex(@"(?<=[\w)]): (?:string|Env|Request|RequestInit|Promise<Response>)(?=[,)]| =| \{)")]
    private static partial Regex Annotation();
}
