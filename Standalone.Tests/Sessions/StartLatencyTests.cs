using ControlPlane.Running;
using Xunit.Abstractions;

namespace ControlPlane.Sessions;

[Collection(Measured.Name)]
public sealed class StartLatencyTests(ITestOutputHelper output)
{
    private const int Starts = 200;
    private const int Tries = 8;

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_starts_within_100_ms_at_the_99th_percentile(bool reuse)
    {
        await using var program = await StandaloneProcess.StartAsync(null, $"--Leases:Reuse={reuse}",
            "--Workspaces:SessionsPerMinute=100000");
        var first = await TimedAsync(program);
        output.WriteLine($"The first start of a process: {first.TotalMilliseconds:F0} ms");
        var reached = new List<TimeSpan>();
        while (reached.Count < Tries && !reached.Exists(time => time <= Budget))
        {
            var took = new List<TimeSpan>();
            for (var i = 0; i < Starts; i++)
            {
                took.Add(await TimedAsync(program));
            }

            took.Sort();
            reached.Add(took[(int)(Starts * 0.99) - 1]);
            output.WriteLine($"{Starts} starts, reuse {reuse}: p50 {took[Starts / 2].TotalMilliseconds:F1} ms, p99 {reached[^1].TotalMilliseconds:F1} ms, most {took[^1].TotalMilliseconds:F1} ms");
            using var stopped = await program.DeleteAsync("/api/sessions?label=timed");
        }

        Assert.Contains(reached, time => time <= Budget);
    }

    private static async Task<TimeSpan> TimedAsync(StandaloneProcess program)
    {
        var started = TimeProvider.System.GetTimestamp();
        var made = await program.CreateAsync(new { clones = new[] { "github" }, labels = new { timed = "" } });
        Assert.Equal("running", made.Text("status"));
        return TimeProvider.System.GetElapsedTime(started);
    }
}
