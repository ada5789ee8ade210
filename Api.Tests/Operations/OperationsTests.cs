using System.Text.Json;
using ControlPlane.Hosting;

namespace ControlPlane.Operations;

/// <summary>What operators see and do over HTTP; who they are is in <see cref="Auth.ScopeTests"/>.</summary>
public sealed class OperationsTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task Without_a_credential_nothing_is_told()
    {
        (await host.As(null).GetAsync("/api/admin/status")).MustRefuse(401, "credential_missing");
        (await host.As(null).GetAsync("/api/admin/nothing")).MustRefuse(404, "not_found");
    }

    [Fact]
    public async Task The_status_has_silos_gateways_workers_and_sessions()
    {
        await host.SessionAsync();
        await host.SessionAsync(token: host.OtherKey);
        await host.Heartbeat().BeatAsync();

        var status = (await host.As(host.Owner).GetAsync("/api/admin/status")).Must(200);

        Assert.Equal(OneSilo.View.Address, status["silos"][0].GetProperty("address").GetString());
        var gateway = Assert.Single(status["gateways"].EnumerateArray());
        Assert.Equal("leased", gateway.GetProperty("status").GetString());
        Assert.InRange(gateway.GetProperty("leaseLeftSeconds").GetDouble(), 1, 10.2);
        Assert.Equal(0, gateway.GetProperty("recallsOutstanding").GetInt32());
        var worker = Assert.Single(status["workers"].EnumerateArray());
        Assert.Equal(host.Worker.Address.Data.Authority, worker.GetProperty("address").GetString());

        // Other tests of this class start sessions too, but none of them is under way.
        var sessions = status["sessions"];
        Assert.True(sessions.GetProperty("live").GetInt32() >= 2);
        Assert.Equal(sessions.GetProperty("live").GetInt32(), sessions.GetProperty("placements").GetInt32());
    }

    [Fact]
    public async Task Nothing_that_is_shown_is_a_secret()
    {
        var session = await host.SessionAsync(token: host.OtherKey);
        var stored = JsonDocument.Parse(host.Storage.Peek(new EntityKey("session", session))!).RootElement;
        var key = stored.GetProperty("placement").GetProperty("key").GetString()!;

        var shown = (await host.As(host.Owner).GetAsync($"/api/admin/sessions/{session}/why")).Must(200).Text
            + (await host.As(host.Owner).GetAsync("/api/admin/status")).Must(200).Text;

        Assert.DoesNotContain(key, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(WorkerStub.Secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("digest", shown, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_session_of_any_workspace_says_why()
    {
        var session = await host.SessionAsync(token: host.OtherKey);
        var operators = host.As(host.Owner);

        var alive = (await operators.GetAsync($"/api/admin/sessions/{session}/why")).Must(200);
        Assert.Equal(("running", "idle", true), (alive.String("status"), alive.String("because"), alive["alive"].GetBoolean()));
        Assert.InRange(alive["idleInSeconds"].GetDouble(), 1, 1800);
        Assert.Equal("there", alive["placement"].GetProperty("worker").GetString());

        (await host.As(host.OtherKey).DeleteAsync($"/api/sessions/{session}")).Must(204);
        var dead = (await operators.GetAsync($"/api/admin/sessions/{session.ToUpperInvariant()}/why")).Must(200);
        Assert.Equal(("ended", "stopped"), (dead.String("status"), dead.String("because")));
        Assert.StartsWith("key:", dead.String("endedBy"), StringComparison.Ordinal);
        Assert.Contains(dead.String("endedBy"), dead.String("explanation"), StringComparison.Ordinal);
        Assert.False(dead.Json.TryGetProperty("idleInSeconds", out _));
        (await operators.GetAsync("/api/admin/sessions/ses-00000000000000000000000000/why")).MustRefuse(404, "session_not_found");
    }
}

/// <summary>What an operator does to the one worker and the one gateway; on a host of its own.</summary>
public sealed class OperationsOnOneTests(AskingHost host) : IClassFixture<AskingHost>
{
    [Fact]
    public async Task A_worker_is_drained_and_given_back_and_a_gateway_is_evicted()
    {
        var operators = host.As(host.Owner);
        var status = (await operators.GetAsync("/api/admin/status")).Must(200);
        var worker = status["workers"][0].GetProperty("workerId").GetString();

        Assert.Equal("draining", (await operators.SendAsync("PUT", $"/api/admin/workers/{worker}/drain")).Must(200).String("status"));
        (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).MustRefuse(503, "no_capacity");
        Assert.Equal("ready", (await operators.DeleteAsync($"/api/admin/workers/{worker}/drain")).Must(200).String("status"));
        await host.SessionAsync();

        // The call itself came through the gateway that it ends: it may be cut with it, and what was asked is done all the same.
        var incarnation = status["gateways"][0].GetProperty("incarnation").GetString()!;
        await operators.PostAsync("/api/admin/gateways/evict", $$"""{"incarnation":"{{incarnation}}"}""");
        Assert.True(await host.Entities.Gateway(incarnation).IsOverAsync());
        await host.Gateway.ReadyAsync(default);
        var after = (await operators.GetAsync("/api/admin/status")).Must(200)["gateways"];
        Assert.DoesNotContain(after.EnumerateArray(), row => row.GetProperty("incarnation").GetString() == incarnation);
        Assert.Equal("gateway.evict done", Words((await host.AuditAsync())[0]));
    }

    [Fact]
    public async Task Nothing_is_done_that_the_audit_log_cannot_take_in()
    {
        var operators = host.As(host.Owner);
        var before = (await operators.GetAsync("/api/admin/status")).Must(200);
        var drain = $"/api/admin/workers/{before["workers"][0].GetProperty("workerId").GetString()}/drain";
        var incarnation = before["gateways"][0].GetProperty("incarnation").GetString();
        var acts = (await host.AuditAsync()).Count;

        host.Storage.Before = entity => IsAudit(entity) ? Task.FromException(new IOException("The disk is full.")) : Task.CompletedTask;
        (await operators.SendAsync("PUT", drain)).MustRefuse(503, "control_plane_unavailable");
        (await operators.PostAsync("/api/admin/gateways/evict", $$"""{"incarnation":"{{incarnation}}"}""")).MustRefuse(503, "control_plane_unavailable");
        host.Storage.Before = null;

        var after = (await operators.GetAsync("/api/admin/status")).Must(200);
        Assert.Equal("ready", after["workers"][0].GetProperty("status").GetString());
        Assert.False((await host.Entities.Gateway(incarnation!).DescribeAsync())!.Evicted);
        Assert.Equal(acts, (await host.AuditAsync()).Count);
    }

    [Fact]
    public async Task What_is_done_is_in_the_audit_log_also_when_its_caller_has_gone()
    {
        var worker = (await host.As(host.Owner).GetAsync("/api/admin/status")).Must(200)["workers"][0].GetProperty("workerId").GetString();
        var drain = $"/api/admin/workers/{worker}/drain";
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Storage.Before = entity => IsAudit(entity) && writing.TrySetResult() ? goOn.Task : Task.CompletedTask;

        using var caller = new CancellationTokenSource();
        var asked = host.As(host.Owner).SendAsync("PUT", drain, caller.Token);
        Assert.Same(writing.Task, await Task.WhenAny(writing.Task, asked));
        await caller.CancelAsync();
        await host.Left.Of("PUT", drain).Gone.Task;
        goOn.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        var act = (await host.AuditAsync("?action=worker.drain"))[0];
        Assert.Equal(("worker.drain done", worker), (Words(act), act.GetProperty("target").GetString()));
        await host.Left.Of("PUT", drain).Over.Task;
        Assert.True((await host.Entities.Workers.ListAsync())[0].Drained);
        Assert.Equal("ready", (await host.As(host.Owner).DeleteAsync(drain)).Must(200).String("status"));
    }

    private static bool IsAudit(EntityKey entity) => entity.Key?.StartsWith("audit/", StringComparison.Ordinal) == true;

    private static string Words(JsonElement act) => $"{act.GetProperty("action")} {act.GetProperty("outcome")}";
}
