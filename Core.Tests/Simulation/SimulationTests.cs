using System.Diagnostics;

namespace ControlPlane.Simulation;

/// <summary>
/// The bounded part of the simulation: <c>scripts/simulate</c> runs the rest. Each run is a process of its own, for it takes the pool's
/// threads for itself.
/// </summary>
public sealed class SimulationTests
{
    [Fact]
    public void No_schedule_breaks_a_guarantee()
    {
        var (code, output) = Simulate("--seeds", "1..800");

        Assert.True(code == 0, output);
    }

    [Fact]
    public void No_long_schedule_breaks_a_guarantee()
    {
        var (code, output) = Simulate("--seeds", "1..40", "--events", "2000");

        Assert.True(code == 0, output);
    }

    [Fact]
    public void One_seed_is_one_history_in_every_process()
    {
        var (first, second) = (Simulate("--seeds", "1..100"), Simulate("--seeds", "1..100"));

        Assert.Matches("digest [0-9a-f]{16}", first.Output);
        Assert.Equal(Digest(first.Output), Digest(second.Output));

        // To be told what happens changes nothing of it.
        Assert.Equal(Digest(Simulate("--seed", "7").Output), Digest(Simulate("--seed", "7", "--trace").Output));
    }

    [Fact]
    public void A_wrong_command_line_says_how_it_is_meant()
    {
        Assert.Null(SimulationOptions.Parse(["simulate", "--seeds"], out var problem));
        Assert.Contains("--seeds FROM..TO", problem, StringComparison.Ordinal);
        Assert.Equal((3, 9, 2), Parsed("--seeds", "3..9", "--workers", "2"));
        Assert.Equal((7, 7, 1), Parsed("--workers", "2", "--seed", "7"));
    }

    private static (long, long, int) Parsed(params string[] arguments)
    {
        var options = SimulationOptions.Parse(["simulate", .. arguments], out _);
        Assert.NotNull(options);
        return (options.From, options.To, options.Workers);
    }

    private static string Digest(string output) => output.Split('\n').Last(line => line.Contains(", digest ", StringComparison.Ordinal)).Split(", digest ")[1];

    private static (int Code, string Output) Simulate(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SimulationTests).Assembly.Location, "simulate", .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The simulation did not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
