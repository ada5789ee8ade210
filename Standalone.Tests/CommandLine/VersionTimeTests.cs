using System.Diagnostics;
using ControlPlane.Running;
using Xunit.Abstractions;

namespace ControlPlane.CommandLine;

/// <summary>What every command of <c>archal</c> costs before it does anything.</summary>
[Collection(Measured.Name)]
public sealed class VersionTimeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(150);

    private const int Tries = 40;

    [Fact]
    public async Task The_version_is_said_within_150_ms()
    {
        // The best and not the mean: what other programs of the machine do only makes it slower.
        var best = TimeSpan.MaxValue;
        for (var tries = 0; tries < Tries && best > Budget; tries++)
        {
            var started = TimeProvider.System.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo(Archal.Path, "--version") { RedirectStandardOutput = true })!;
            var said = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var took = TimeProvider.System.GetElapsedTime(started);
            Assert.True(Version.TryParse(said, out _) && process.ExitCode == 0, said);
            best = took < best ? took : best;
        }

        output.WriteLine($"archal --version: {best.TotalMilliseconds:F0} ms at best");
        Assert.True(best <= Budget, $"archal --version took {best.TotalMilliseconds:F0} ms at best, of {Tries} runs.");
    }
}
