using System.Globalization;
using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

public sealed class FewSessionsHost() : ManagementHost(reuse: true)
{
    private protected override WorkspaceOptions Workspaces => new() { MaxLiveSessions = 2 };
}

public sealed class SlowSessionsHost() : ManagementHost(reuse: true)
{
    private protected override WorkspaceOptions Workspaces => new() { SessionsPerMinute = 2 };
}

public sealed class LiveSessionQuotaTests(FewSessionsHost host) : IClassFixture<FewSessionsHost>
{
    [Fact]
    public async Task Whoever_goes_on_asking_beyond_it_leaves_lines_at_debug_alone()
    {
        (string First, string Second) live = (await host.SessionAsync(token: host.OtherKey), await host.SessionAsync(token: host.OtherKey));
        for (var asked = 0; asked < 100; asked++)
        {
            (await host.As(host.OtherKey).PostAsync("/api/sessions", """{"clones":["github"]}""")).MustRefuse(429, "quota_exceeded");
        }

        Assert.All(host.Log.Lines.Where(line => line.Contains("Answered quota_exceeded", StringComparison.Ordinal)), line =>
            Assert.StartsWith("Debug", line, StringComparison.Ordinal));
        (await host.As(host.OtherKey).DeleteAsync($"/api/sessions/{live.First}")).Must(204);
        (await host.As(host.OtherKey).DeleteAsync($"/api/sessions/{live.Second}")).Must(204);
    }

    [Fact]
    public async Task One_more_than_may_live_is_told_to_wait_and_a_stop_makes_room()
    {
        var first = await host.SessionAsync();
        await host.SessionAsync();

        var refused = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).MustRefuse(429, "quota_exceeded");

        Assert.True(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture) > 0);
        await host.SessionAsync(token: host.OtherKey);
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{first}")).Must(204);
        await host.SessionAsync();
    }
}

public sealed class SessionRateQuotaTests(SlowSessionsHost host) : IClassFixture<SlowSessionsHost>
{
    [Fact]
    public async Task More_than_so_many_starts_within_a_minute_are_told_until_when_to_wait()
    {
        await host.SessionAsync();
        await host.SessionAsync();

        var refused = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).MustRefuse(429, "quota_exceeded");

        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 91);
        await host.SessionAsync(token: host.OtherKey);
    }
}
