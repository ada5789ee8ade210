using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Workers;

namespace ControlPlane.GitHub;

/// <summary>GitHub's own client, as a customer uses it: a base URL, its token, and the headers that the session came with.</summary>
public sealed class OctokitTests
{
    [Fact]
    public async Task Octokit_finds_github()
    {
        var script = Path.Combine(Source(), "octokit");
        Assert.True(
            Directory.Exists(Path.Combine(script, "node_modules", "@octokit", "rest")),
            "@octokit/rest is not installed. Run: npm ci --ignore-scripts --prefix Clones.Tests/octokit");
        await using var running = await RunningWorker.StartAsync();
        var baseUrl = running.Worker.DataAddress.ToString().TrimEnd('/');
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(script, "drive.mjs"));
        start.Environment["BASE_URL"] = baseUrl + "/api";
        start.Environment["TOKEN"] = string.Join('_', "ghp", new string('0', 36));
        start.Environment["ROUTE_HEADERS"] = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["x-clone-ticket"] = $"ses-1.github.1.{Client.Key}",
            ["x-clone-base-url"] = baseUrl,
        });

        using var node = Process.Start(start)!;
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, said);
        Assert.Equal(9, said.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(file))!; // This file is in a folder of the project.
}
