using ControlPlane.Hosting;

namespace ControlPlane.Runs;

public sealed class RunTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task A_run_is_its_session_with_the_traces_about_it()
    {
        var id = await host.SessionAsync("""{"clones":["github"],"runConfig":{"model":"m"}}""");
        (await host.As(host.Key).PostAsync("/api/traces", $$"""{"rootTraceId":"of-{{id}}","sessionId":"{{id}}"}""")).Must(200);
        (await host.As(host.Key).PostAsync("/api/traces", """{"rootTraceId":"of-another","sessionId":"ses-another"}""")).Must(200);

        var run = (await host.As(host.Key).GetAsync($"/api/runs/{id.ToUpperInvariant()}")).Must(200);

        Assert.Equal((id, "running"), (run.String("runId"), run.String("status")));
        Assert.Equal("m", run["session"].GetProperty("runConfig").GetProperty("model").GetString());
        Assert.Equal($"of-{id}", Assert.Single(run["traces"].EnumerateArray()).GetProperty("rootTraceId").GetString());
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{id}")).Must(204);
        var over = (await host.As(host.Key).GetAsync($"/api/runs/{id}")).Must(200);
        Assert.Equal("ended", over.String("status"));
        Assert.Equal(over["durationSeconds"].GetDouble(), (await host.As(host.Key).GetAsync($"/api/runs/{id}")).Must(200)["durationSeconds"].GetDouble());
    }

    [Fact]
    public async Task Another_workspaces_run_is_as_unknown_as_none()
    {
        var id = await host.SessionAsync();

        var others = (await host.As(host.OtherKey).GetAsync($"/api/runs/{id}")).MustRefuse(404, "not_found");
        var nobodys = (await host.As(host.Key).GetAsync("/api/runs/ses-nobody")).MustRefuse(404, "not_found");
        Assert.Equal(nobodys.String("message"), others.String("message"));
        (await host.As(host.Key).GetAsync("/api/runs/no%20id")).MustRefuse(404, "not_found");
    }
}
