using ControlPlane.Hosting;

namespace ControlPlane.Usage;

public abstract class WorkspaceUsageTests(ManagementHost host)
{
    [Fact]
    public async Task A_workspace_and_its_keys_read_what_was_used()
    {
        var session = await host.SessionAsync();
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{session}")).Must(204);

        var usage = (await host.As(host.Key).GetAsync("/api/workspaces/ws-main/usage")).Must(200);

        Assert.True(usage["total"].GetProperty("sessions").GetInt64() >= 1);
        var day = usage["days"].EnumerateArray().Last();
        Assert.Contains(day.GetProperty("keys").EnumerateArray(), key => key.GetProperty("by").GetString()!.StartsWith("key:", StringComparison.Ordinal));
        Assert.Equal(usage.String("to"), day.GetProperty("day").GetString());
        Assert.Equal(29, DateOnly.Parse(usage.String("to"), null).DayNumber - DateOnly.Parse(usage.String("from"), null).DayNumber);
        (await host.As(host.Member).GetAsync("/api/workspaces/ws-main/usage")).Must(200);
        Assert.Empty((await host.As(host.Key).GetAsync("/api/workspaces/ws-main/usage?from=2025-01-01&to=2025-03-01")).Must(200)["days"].EnumerateArray());
    }

    [Fact]
    public async Task No_other_workspace_and_no_key_without_the_scope_reads_it()
    {
        var narrow = await host.CredentialAsync(Credentials.CredentialKind.WorkspaceKey, ManagementHost.Main, null, Credentials.Scopes.SessionsWrite);
        (await host.As(narrow).GetAsync("/api/workspaces/ws-main/usage")).MustRefuse(403, "scope_missing");
        (await host.As(host.OtherKey).GetAsync("/api/workspaces/ws-main/usage")).MustRefuse(403, "workspace_key_scope_mismatch");
        (await host.As(host.OtherOwner).GetAsync("/api/workspaces/ws-main/usage")).MustRefuse(403, "role_missing");
    }

    [Theory, InlineData("from=x"), InlineData("to=2026-13-01"), InlineData("from=2026-02-01&to=2026-01-01"), InlineData("from=2025-01-01&to=2025-12-31")]
    public async Task Days_that_are_none_are_named(string query) =>
        (await host.As(host.Key).GetAsync($"/api/workspaces/ws-main/usage?{query}")).MustRefuse(400, "request_invalid");
}

public sealed class WorkspaceUsageOnHeldFacts(HoldingHost host) : WorkspaceUsageTests(host), IClassFixture<HoldingHost>;

public sealed class WorkspaceUsageAskingEachTime(AskingHost host) : WorkspaceUsageTests(host), IClassFixture<AskingHost>;
