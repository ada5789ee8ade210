using System.Runtime.Versioning;
using ControlPlane.CommandLine;
using ControlPlane.Running;

namespace ControlPlane.Examples;

/// <summary>The blocks of the README that are marked as <c>sh</c>, pasted one after another by somebody who has logged in as the first owner.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReadmeTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    [Fact]
    public async Task The_commands_for_a_team_work_when_they_are_pasted()
    {
        var blocks = File.ReadAllText(Path.Combine(Pasted.Folder, "..", "..", "README.md")).Split("```sh\n").Skip(1)
            .Select(block => block.Split("```")[0]).ToList();
        Assert.Equal(3, blocks.Count);
        using var folder = new DataFolder();
        var pasted = $$"""
            set -euo pipefail
            unset ARCHAL_TOKEN ARCHAL_WORKSPACE_ID ADA RED
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
        Assert.Contains("\"days\"", await File.ReadAllTextAsync(Path.Combine(folder.Path, "usage.json")), StringComparison.Ordinal);
    }
}
