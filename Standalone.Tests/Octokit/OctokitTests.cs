using ControlPlane.Contract;
using ControlPlane.Examples;
using ControlPlane.Running;

namespace ControlPlane.Octokit;

/// <summary>GitHub's own client through the whole program: a base URL, its normal token, and the route header.</summary>
[Collection(nameof(FactsInHand))]
public sealed class OctokitTests(FactsInHand program)
{
    [Fact]
    public async Task Octokit_finds_github_behind_the_gateway()
    {
        var session = await program.Program.StartSessionAsync();

        await Pasted.RunOctokitAsync($"{program.Program.Url}runtime/{session}/github/api", program.Key.Secret);
    }
}
