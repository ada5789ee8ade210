using System.Diagnostics;

namespace ControlPlane.Processes;

/// <summary>What must never change in the compose file by accident.</summary>
public sealed class ComposeFileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RunningCluster.Root(), "docker-compose.yml"));

    private static readonly string[] Secrets = ["REDIS_PASSWORD", "WORKERS_JOIN_TOKEN", "ARCHAL_BOOTSTRAP_TOKEN"];

    [Fact]
    public async Task Compose_itself_takes_the_file() => Assert.Equal((0, ""), await CheckAsync(Secrets));

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task Compose_says_which_secret_is_not_set(int missing)
    {
        var (exitCode, error) = await CheckAsync([.. Secrets.Where((_, index) => index != missing)]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(Secrets[missing], error, StringComparison.Ordinal);
    }

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

    /// <summary>As an operator checks the file: it needs no engine.</summary>
    private static async Task<(int ExitCode, string Error)> CheckAsync(IReadOnlyList<string> secrets)
    {
        var plugin = Environment.GetEnvironmentVariable("PATH")!.Split(':').All(folder => !File.Exists(Path.Combine(folder, "docker-compose")));
        string[] arguments = ["-f", Path.Combine(RunningCluster.Root(), "docker-compose.yml"), "config", "-q"];
        var start = new ProcessStartInfo(plugin ? "docker" : "docker-compose", plugin ? ["compose", .. arguments] : arguments) { RedirectStandardError = true };
        foreach (var secret in Secrets)
        {
            start.Environment.Remove(secret);
        }

        foreach (var secret in secrets)
        {
            start.Environment[secret] = "of-this-test";
        }

        using var compose = Process.Start(start) ?? throw new InvalidOperationException("Compose did not start.");
        var error = await compose.StandardError.ReadToEndAsync();
        await compose.WaitForExitAsync();
        return (compose.ExitCode, error);
    }
}
