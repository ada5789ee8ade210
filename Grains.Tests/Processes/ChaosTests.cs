using System.Diagnostics;

namespace ControlPlane.Processes;

/// <summary>A minute of <c>scripts/chaos</c>; the whole of it takes longer than a test may.</summary>
public sealed class ChaosTests
{
    [Fact]
    public async Task Callers_are_told_the_truth_while_a_silo_dies_and_a_gateway_freezes()
    {
        var start = new ProcessStartInfo(Path.Combine(RunningCluster.Root(), "scripts", "chaos"), ["run", "silo-killed-amid-revocations", "gateway-frozen", "--rate", "200"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["CHAOS_BUILT"] = "1";
        start.Environment["CLUSTER_CONFIGURATION"] = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        using var chaos = Process.Start(start) ?? throw new InvalidOperationException("scripts/chaos did not start.");
        var (said, error) = (chaos.StandardOutput.ReadToEndAsync(), chaos.StandardError.ReadToEndAsync());
        await chaos.WaitForExitAsync();

        Assert.True(chaos.ExitCode == 0, await said + await error);
        Assert.EndsWith("0 violations", (await said).TrimEnd(), StringComparison.Ordinal);
    }
}
