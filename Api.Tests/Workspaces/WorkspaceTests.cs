using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

public abstract class WorkspaceTests(ManagementHost host)
{
    [Fact]
    public async Task A_user_makes_a_workspace_and_is_its_owner()
    {
        var user = await host.JoinAsync();

        var made = (await host.As(user.Token).PostAsync("/api/workspaces", """{"name":"Mine"}""")).Must(201);

        var id = made.String("workspaceId");
        Assert.Equal(("Mine", "owner"), (made.String("name"), made.String("role")));
        Assert.Equal("Mine", (await host.As(user.Token).GetAsync($"/api/workspaces/{id}")).Must(200).String("name"));
        (await host.As(user.Token).PostAsync($"/api/workspaces/{id}/api-keys", """{"label":"ci"}""")).Must(201);
        (await host.As(host.Owner).GetAsync($"/api/workspaces/{id}")).MustRefuse(403, "role_missing");
    }

    [Fact]
    public async Task A_user_in_several_acts_in_the_one_that_he_names()
    {
        var user = await host.JoinAsync();
        var second = await host.WorkspaceAsync(user.Token);
        var there = host.As(user.Token).With("x-archal-workspace-id", second);

        var session = (await there.PostAsync("/api/sessions", """{"clones":["github"]}""")).Must(200).String("sessionId");

        Assert.Equal(second, (await there.GetAsync("/auth/me")).Must(200).String("workspaceId"));
        Assert.Contains(session, (await there.GetAsync("/api/sessions")).Must(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(session, (await host.As(user.Token).GetAsync("/api/sessions")).Must(200).Text, StringComparison.Ordinal);
        (await host.As(user.Token).GetAsync($"/api/sessions/{session}")).MustRefuse(403, "session_forbidden");
        Assert.Equal(
            new[] { ManagementHost.Main, second }.Order(),
            (await there.GetAsync("/api/workspaces")).Must(200)["workspaces"].EnumerateArray().Select(row => row.GetProperty("workspaceId").GetString()).Order());
    }

    [Fact]
    public async Task Administrators_rename_and_others_do_not()
    {
        var id = await host.WorkspaceAsync((await host.JoinAsync()).Token);
        var owner = await host.JoinAsync("owner");
        (await host.As(owner.Token).SendAsync("PATCH", "/api/workspaces/ws-main", """{"name":"Renamed"}""")).Must(200);

        Assert.Equal("Renamed", (await host.As(host.Key).GetAsync("/api/workspaces/ws-main")).Must(200).String("name"));
        (await host.As(host.Member).SendAsync("PATCH", "/api/workspaces/ws-main", """{"name":"x"}""")).MustRefuse(403, "role_missing");
        (await host.As(host.Key).SendAsync("PATCH", "/api/workspaces/ws-main", """{"name":"x"}""")).MustRefuse(403, "role_missing");
        (await host.As(host.Owner).SendAsync("PATCH", $"/api/workspaces/{id}", """{"name":"x"}""")).MustRefuse(403, "role_missing");
        (await host.As(host.Owner).SendAsync("PATCH", "/api/workspaces/ws-main", """{"name":""}""")).MustRefuse(400, "request_invalid");
        (await host.As(host.Owner).SendAsync("PATCH", "/api/workspaces/ws-main", """{"name":"a\u001bb"}""")).MustRefuse(400, "request_invalid");
    }

    [Fact]
    public async Task A_key_makes_no_workspace() =>
        (await host.As(host.Key).PostAsync("/api/workspaces", """{"name":"x"}""")).MustRefuse(403, "role_missing");

    [Fact]
    public async Task A_user_makes_so_many_and_no_more()
    {
        var user = await host.JoinAsync();
        for (var made = 0; made < 20; made++)
        {
            await host.WorkspaceAsync(user.Token);
        }

        (await host.As(user.Token).PostAsync("/api/workspaces", """{"name":"x"}""")).MustRefuse(429, "quota_exceeded");
    }
}

public sealed class WorkspacesOnHeldFacts(HoldingHost host) : WorkspaceTests(host), IClassFixture<HoldingHost>;

public sealed class WorkspacesAskingEachTime(AskingHost host) : WorkspaceTests(host), IClassFixture<AskingHost>;
