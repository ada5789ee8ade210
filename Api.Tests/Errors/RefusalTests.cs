using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Workspaces;

namespace ControlPlane.Errors;

/// <summary>What comes from further inside: quotas, workers, stores.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_store_that_is_down_is_503_and_never_404_or_401()
    {
        await using var host = await StartedAsync(new HoldingHost());
        var session = await host.SessionAsync();
        (await host.As(host.Owner).GetAsync("/auth/me")).Must(200);
        host.Storage.IsDown = true;

        foreach (var target in new[]
        {
            "/api/sessions/ses-11111111111111111111111111", "/api/sessions/ses-11111111111111111111111111/liveness", "/api/sessions",
            "/api/workspaces", "/api/workspaces/ws-main", "/api/workspaces/ws-main/api-keys",
        })
        {
            MustBeUnavailable(await host.As(host.Owner).GetAsync(target));
        }

        MustBeUnavailable(await host.As(Token.Create(CredentialKind.WorkspaceKey, Token.NewId())).GetAsync("/auth/me"));
        MustBeUnavailable(await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}"""));
        MustBeUnavailable(await host.As(host.Key).DeleteAsync($"/api/sessions/{session}"));
        MustBeUnavailable(await host.As(host.Key).PostAsync($"/api/sessions/{session}/renew"));
        host.Storage.IsDown = false;
        (await host.As(host.Key).GetAsync($"/api/sessions/{session}")).Must(200);
    }

    [Fact]
    public async Task Without_a_lease_nothing_is_ready_and_nobody_is_let_in()
    {
        await using var host = await StartedAsync(new HoldingHost());
        (await host.As(null).GetAsync("/health/ready")).Must(200);

        await host.Gateway.DisposeAsync();

        MustBeUnavailable(await host.As(null).GetAsync("/health/ready"));
        (await host.As(null).GetAsync("/health/live")).Must(200);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_429_with_a_time_to_come_back()
    {
        await using var host = await StartedAsync(new SmallHost());
        var first = await host.SessionAsync();

        var live = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).MustRefuse(429, "quota_exceeded");
        Assert.InRange(int.Parse(live.Headers["Retry-After"], null), 1, 20);

        (await host.As(host.Key).DeleteAsync($"/api/sessions/{first}")).Must(204);
        await host.SessionAsync();
    }

    [Fact]
    public async Task No_room_and_no_worker_are_503_with_a_time_to_come_back()
    {
        await using var host = await StartedAsync(new HoldingHost());
        host.Worker.Capacity = 0;
        await host.Heartbeat().BeatAsync();

        var full = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).MustRefuse(503, "no_capacity");

        Assert.InRange(int.Parse(full.Headers["Retry-After"], null), 1, 10);
        Assert.Empty((await host.As(host.Key).GetAsync("/api/sessions?status=all")).Must(200)["sessions"].EnumerateArray());
    }

    [Fact]
    public async Task A_worker_that_does_not_confirm_a_stop_is_502_and_the_session_is_over_all_the_same()
    {
        await using var host = await StartedAsync(new HoldingHost());
        var session = await host.SessionAsync();
        host.Worker.Refuse = request => request.Method == "DELETE" ? (500, "The disk is full.") : null;

        var answer = (await host.As(host.Key).DeleteAsync($"/api/sessions/{session}")).MustRefuse(502, "clone_unreachable");

        Assert.Contains("Retry-After", answer.Headers.Keys);
        Assert.Equal("ended", (await host.As(host.Key).GetAsync($"/api/sessions/{session}")).Must(200).String("status"));
        host.Worker.Refuse = _ => null;
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{session}")).Must(204);
        Assert.DoesNotContain(session, host.Worker.Placements.Keys);
    }

    private static void MustBeUnavailable(Answer answer) =>
        Assert.InRange(int.Parse(answer.MustRefuse(503, "control_plane_unavailable").Headers["Retry-After"], null), 1, 5);

    private static async Task<ManagementHost> StartedAsync(ManagementHost host)
    {
        await host.InitializeAsync();
        return host;
    }

    public sealed class SmallHost : HoldingHost
    {
        private protected override WorkspaceOptions Workspaces => new() { MaxLiveSessions = 1 };
    }
}
