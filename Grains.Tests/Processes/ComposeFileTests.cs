namespace ControlPlane.Processes;

/// <summary>What must never change in the compose file by accident.</summary>
public sealed class ComposeFileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RunningCluster.Root(), "docker-compose.yml"));

    [Fact]
    public void Only_the_balancer_is_published()
    {
        var published = Assert.Single(Lines, line => line.TrimStart().StartsWith("ports:", StringComparison.Ordinal));

        Assert.Equal("balancer:", Lines[..Array.IndexOf(Lines, published)].Last(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ').Trim());
    }

    [Theory, InlineData("REDIS_PASSWORD"), InlineData("WORKERS_JOIN_TOKEN"), InlineData("ARCHAL_BOOTSTRAP_TOKEN")]
    public void No_secret_has_a_default(string variable)
    {
        var uses = Lines.Where(line => line.Contains($"${{{variable}", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, use => Assert.Contains($"${{{variable}:?}}", use, StringComparison.Ordinal));
    }
}
