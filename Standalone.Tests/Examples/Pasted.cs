using System.Text.Json;
using System.Text.RegularExpressions;
using ControlPlane.Running;

namespace ControlPlane.Examples;

/// <summary>The examples that readers paste, and GitHub's own client, as programs of their own against any gateway.</summary>
internal static partial class Pasted
{
    public static string Folder { get; } = Path.Combine(Tool.Root, "docs", "examples");

    public static IReadOnlyList<string> Dialects { get; } = ["route-dialect", "upstream-dialect"];

    public static IReadOnlyList<string> Files { get; } = ["issue.sh", "issue.py", "worker.ts"];

    /// <summary>Runs one of <c>docs/examples</c>; it says what it made, with the clone's URL as callers know it.</summary>
    public static async Task RunAsync(string dialect, string file, string cloneUrl, string secret, string? knownAs = null)
    {
        var said = await RunAsync(Path.Combine(Folder, dialect, file), new Dictionary<string, string>
        {
            ["ARCHAL_GITHUB_REST_URL"] = cloneUrl,
            ["ARCHAL_TOKEN"] = secret,
            ["GITHUB_TOKEN"] = AnyGitHubToken(),
            ["NO_PROXY"] = "*",
        });
        Assert.Contains(knownAs ?? cloneUrl[..cloneUrl.LastIndexOf("/api", StringComparison.Ordinal)], said, StringComparison.Ordinal);
        Assert.Contains("octocat", said, StringComparison.Ordinal);
    }

    /// <summary>Octokit with a base URL, its normal token, and the route header.</summary>
    public static async Task RunOctokitAsync(string cloneUrl, string secret)
    {
        var script = Path.Combine(Tool.Root, "Clones.Tests", "octokit");
        Assert.True(
            Directory.Exists(Path.Combine(script, "node_modules", "@octokit", "rest")),
            "@octokit/rest is not installed. Run: npm ci --ignore-scripts --prefix Clones.Tests/octokit");

        var said = await Tool.RunAsync("node", [Path.Combine(script, "drive.mjs")], new Dictionary<string, string>
        {
            ["BASE_URL"] = cloneUrl,
            ["TOKEN"] = AnyGitHubToken(),
            ["ROUTE_HEADERS"] = JsonSerializer.Serialize(new Dictionary<string, string> { ["x-route-authorization"] = $"Bearer {secret}" }),
        });

        Assert.Equal(9, said.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    private static string AnyGitHubToken() => string.Join('_', "ghp", new string('0', 36));

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

    [GeneratedRegex(@"^interface \w+ \{\n(?:  .*\n)*\}\n", RegexOptions.Multiline)]
    private static partial Regex Interface();

    // After a name or a parameter list, before what may follow a type: a comma, a parenthesis, a default or a body.
    [GeneratedRegex(@"(?<=[\w)]): (?:string|Env|Request|RequestInit|Promise<Response>)(?=[,)]| =| \{)")]
    private static partial Regex Annotation();
}
