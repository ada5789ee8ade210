using System.Text.Json;
using ControlPlane.Contract;
using ControlPlane.Running;

namespace ControlPlane.Octokit;

/// <summary>GitHub's own client through the whole program: a base URL, its normal token, and the route header.</summary>
[Collection(nameof(FactsInHand))]
public sealed class OctokitTests(FactsInHand program)
{
    [Fact]
    public async Task Octokit_finds_github_behind_the_gateway()
    {
        var script = Path.Combine(Tool.Root, "Clones.Tests", "octokit");
        Assert.True(
            Directory.Exists(Path.Combine(script, "node_modules", "@octokit", "rest")),
            "@octokit/rest is not installed. Run: npm ci --ignore-scripts --prefix Clones.Tests/octokit");
        var session = await program.Program.StartSessionAsync();

        var said = await Tool.RunAsync("node", [Path.Combine(script, "drive.mjs")], new Dictionary<string, string>
        {
            ["BASE_URL"] = $"{program.Program.Url}runtime/{session}/github/api",
            ["TOKEN"] = string.Join('_', "ghp", new string('0', 36)),
            ["ROUTE_HEADERS"] = JsonSerializer.Serialize(new Dictionary<string, string> { ["x-route-authorization"] = $"Bearer {program.Key.Secret}" }),
        });

        Assert.Equal(9, said.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
