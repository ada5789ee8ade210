using ControlPlane.Running;

namespace ControlPlane.Operations;

/// <summary>The health check of the images, as they run it: in the environment of the program.</summary>
public sealed class HealthyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("api.example.com")]
    public async Task It_asks_by_a_host_that_the_program_serves(string? publicHost)
    {
        const string setting = "Gateway__PublicHosts__0";
        var environment = publicHost is null ? [] : new Dictionary<string, string> { [setting] = publicHost };
        await using var program = await StandaloneProcess.StartInAsync(environment);

        var healthy = await Bash.RunAsync($"{(publicHost is null ? "" : $"{setting}={publicHost} ")}bash deploy/healthy {program.Url.Port}", Tool.Root);

        Assert.True(healthy.ExitCode == 0, $"{healthy.ExitCode}: {healthy.Error}");
    }
}
