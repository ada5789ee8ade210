using System.Net;
using System.Net.Sockets;
using ControlPlane.Contract;
using ControlPlane.Running;

namespace ControlPlane.Examples;

/// <summary>The examples of <c>docs/examples</c>, as their readers paste them: programs of their own, in both dialects and both forms.</summary>
[Collection(nameof(FactsInHand))]
public sealed class ExampleTests(FactsInHand program)
{
    /// <summary>curl resolves <c>*.localhost</c> by itself; the others can where the system's resolver can.</summary>
    public static TheoryData<string, string, string> Runs()
    {
        var runs = new TheoryData<string, string, string>();
        foreach (var dialect in Pasted.Dialects)
        {
            foreach (var file in Pasted.Files)
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
        var cloneUrl = form == "path" ? $"{url}runtime/{session}/github/api" : $"http://{session}.clones.localhost:{url.Port}/github/api";

        await Pasted.RunAsync(dialect, file, cloneUrl, program.Key.Secret);

        var issues = await program.Program.CallAsync(
            HttpMethod.Get, $"/runtime/{session}/github/api/repos/octocat/small-project/issues?per_page=1", program.Key.Secret);
        Assert.Matches("^From (an|octocat's) example$", issues[0].GetProperty("title").GetString());
    }

    [Fact]
    public void The_pages_point_to_every_example()
    {
        var page = File.ReadAllText(Path.Combine(Pasted.Folder, "README.md"));
        var examples = Directory.GetFiles(Pasted.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".md", StringComparison.Ordinal)).ToList();

        Assert.Equal(6, examples.Count);
        Assert.All(examples, file => Assert.Contains($"({Path.GetRelativePath(Pasted.Folder, file)})", page, StringComparison.Ordinal));
        Assert.Contains("(examples/README.md)", File.ReadAllText(Path.Combine(Pasted.Folder, "..", "direct-access.md")), StringComparison.Ordinal);
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
}
