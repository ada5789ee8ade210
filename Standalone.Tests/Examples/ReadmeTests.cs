using System.Runtime.Versioning;
using ControlPlane.CommandLine;
using ControlPlane.Running;

namespace ControlPlane.Examples;

/// <summary>The blocks of the README that are marked as <c>sh</c>, pasted one after another by somebody who has logged in as the first owner.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReadmeTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    [Fact]
    public async Task The_commands_for_a_team_and_for_CI_work_when_they_are_pasted()
    {
        var blocks = Blocks("sh");
        Assert.Equal(5, blocks.Count);
        using var folder = new DataFolder();
        var pasted = $$"""
            set -euo pipefail
            unset ARCHAL_TOKEN CI_KEY ARCHAL_WORKSPACE_ID ADA RED
            export ARCHAL_API_URL={{shared.Program.Url.GetLeftPart(UriPartial.Authority)}} ARCHAL_HOME={{folder.Path}}/home
            mkdir -m 700 home
            archal() { {{Archal.Path}} "$@"; }
            archal login --token - < {{shared.Program.Data}}/owner.token
            {{string.Join('\n', blocks)}}
            """;

        var (code, output, error) = await Bash.RunAsync(pasted, folder.Path);

        Assert.True(code == 0, output + error);
        Assert.Contains("ada@example.com", output, StringComparison.Ordinal);
        Assert.Contains("Reds", output, StringComparison.Ordinal);
        Assert.Contains("member.join", output, StringComparison.Ordinal);
        Assert.Matches("bob@example.com +member +usr-owner", output);
        Assert.Contains("Withdrew ", output, StringComparison.Ordinal);
        Assert.Matches("The profile default acts in ws-[^ ]+ .Reds.", output);
        Assert.Matches("[1-9][0-9]* open issues in the clone", output);
        Assert.Contains("\"days\"", await File.ReadAllTextAsync(Path.Combine(folder.Path, "usage.json")), StringComparison.Ordinal);
    }

    /// <summary>The job runs to the letter what was pasted above it.</summary>
    [Fact]
    public void The_job_for_CI_has_the_command_that_is_pasted()
    {
        var job = Assert.Single(Blocks("yaml"));
        var command = Assert.Single(job.Split('\n'), line => line.Contains("archal run", StringComparison.Ordinal)).Replace("- run: ", "", StringComparison.Ordinal).Trim();

        Assert.Contains(Blocks("sh"), block => block.Split('\n').Contains(command));
        Assert.Contains("ARCHAL_TOKEN: ${{ secrets.ARCHAL_TOKEN }}", job, StringComparison.Ordinal);
    }

    private static List<string> Blocks(string language) =>
        [.. File.ReadAllText(Path.Combine(Tool.Root, "README.md")).Split($"```{language}\n").Skip(1).Select(block => block.Split("```")[0])];
}
