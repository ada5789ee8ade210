using ControlPlane.Workers;

namespace ControlPlane.GitHub;

public sealed class RateLimitTests
{
    [Fact]
    public async Task A_window_is_used_up_and_a_new_one_begins()
    {
        var clock = new Clock();
        await using var running = await RunningWorker.StartAsync(with: options => options with
        {
            TimeProvider = clock,
            GitHub = new GitHubOptions { CoreLimit = 2 },
        });

        var first = await running.GetAsync("/api/user");
        await running.GetAsync("/api/user");
        var third = await running.GetAsync("/api/user");
        clock.Advance(TimeSpan.FromHours(1));
        var later = await running.GetAsync("/api/user");

        Assert.Equal("1", first["X-RateLimit-Remaining"]);
        Assert.Equal(clock.Began.AddHours(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), first["X-RateLimit-Reset"]);
        Assert.Equal(403, third.Code);
        Assert.Equal("0", third["X-RateLimit-Remaining"]);
        Assert.StartsWith("API rate limit exceeded for user ID 583231.", third.Text("message"), StringComparison.Ordinal);
        Assert.Equal(200, later.Code);
        Assert.Equal("1", later["X-RateLimit-Used"]);
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public DateTimeOffset Began { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
