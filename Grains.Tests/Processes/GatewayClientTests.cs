using ControlPlane.Examples;

namespace ControlPlane.Processes;

/// <summary>One cluster for the tests that leave it as they found it.</summary>
[CollectionDefinition(nameof(RunningCluster))]
public sealed class RunningClusters : ICollectionFixture<RunningCluster>;

/// <summary>What users paste, and GitHub's own client, through either gateway and through the balancer of the compose file.</summary>
[Collection(nameof(RunningCluster))]
public sealed class GatewayClientTests(RunningCluster cluster)
{
    public static TheoryData<bool, string, string> Runs()
    {
        var runs = new TheoryData<bool, string, string>();
        foreach (var (first, dialect, file) in
            from first in new[] { true, false } from dialect in Pasted.Dialects from file in Pasted.Files select (first, dialect, file))
        {
            runs.Add(first, dialect, file);
        }

        return runs;
    }

    [Theory, MemberData(nameof(Runs))]
    public async Task An_example_opens_an_issue(bool first, string dialect, string file)
    {
        var (gateway, other) = first ? (cluster.One, cluster.Other) : (cluster.Other, cluster.One);
        var (session, key) = (await cluster.SessionAsync(other), await cluster.KeyAsync(other));

        await Pasted.RunAsync(dialect, file, $"{gateway}runtime/{session}/github/api", key.Secret);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Octokit_finds_github_behind_a_gateway(bool first)
    {
        var (gateway, other) = first ? (cluster.One, cluster.Other) : (cluster.Other, cluster.One);
        var (session, key) = (await cluster.SessionAsync(other), await cluster.KeyAsync(other));

        await Pasted.RunOctokitAsync($"{gateway}runtime/{session}/github/api", key.Secret);
    }

    [Fact]
    public async Task The_balancer_of_the_compose_file_serves_both_forms()
    {
        await using var balancer = await Balancer.StartAsync(cluster.One, cluster.Other);
        var (session, key) = (await cluster.SessionAsync(cluster.One), await cluster.KeyAsync(cluster.Other));

        // The gateways of this cluster are not told the balancer's URL, as Gateway:PublicUrl does in the compose file.
        await Pasted.RunAsync("route-dialect", "issue.sh", $"{balancer.Url}runtime/{session}/github/api", key.Secret, "http://");
        await Pasted.RunAsync("route-dialect", "issue.sh", $"http://{session}.clones.localhost:{balancer.Url.Port}/github/api", key.Secret, "http://");
        Assert.Equal(200, await cluster.CallAsync(balancer.Url, session, key.Secret));

        await cluster.RevokeAsync(balancer.Url, key.Id);
        Assert.Equal((401, 401), (await cluster.CallAsync(balancer.Url, session, key.Secret), await cluster.CallAsync(balancer.Url, session, key.Secret)));
    }
}
