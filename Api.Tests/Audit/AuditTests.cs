using ControlPlane.Hosting;

namespace ControlPlane.Audit;

public abstract class AuditTests(ManagementHost host)
{
    [Fact]
    public async Task Everything_that_was_administered_is_in_it_newest_first()
    {
        var user = await host.JoinAsync("owner");
        var workspace = await host.WorkspaceAsync(user.Token, "Audited");
        var at = $"/api/workspaces/{workspace}";
        var me = host.As(user.Token).With("x-archal-workspace-id", workspace);
        (await me.SendAsync("PATCH", at, """{"name":"Renamed"}""")).Must(200);
        var key = (await me.PostAsync($"{at}/api-keys", """{"label":"ci"}""")).Must(201);
        (await me.PostAsync($"{at}/api-keys/{key.String("id")}/rotate")).Must(200);
        (await me.DeleteAsync($"{at}/api-keys/{key.String("id")}")).Must(204);
        (await me.DeleteAsync($"{at}/api-keys/{key.String("id")}")).Must(204);
        (await host.AcceptAsync(await host.InviteAsync("member", workspace, user.Token), host.OtherOwner)).Must(201);
        (await me.SendAsync("PATCH", $"{at}/members/zoe", """{"role":"admin"}""")).Must(200);
        (await me.DeleteAsync($"{at}/members/zoe")).Must(204);
        var token = (await me.PostAsync("/api/me/tokens", """{"label":"laptop"}""")).Must(201);
        (await me.DeleteAsync($"/api/me/tokens/{token.String("id")}")).Must(204);
        (await me.DeleteAsync($"{at}/members/nobody")).MustRefuse(404, "not_found");

        var acts = await host.AuditAsync("", workspace, user.Token);

        Assert.Equal(
            ["member.remove refused", "token.revoke done", "token.create done", "member.remove done", "member.change done", "member.join done",
                "member.invite done", "api_key.revoke done", "api_key.rotate done", "api_key.create done", "workspace.rename done", "workspace.create done"],
            acts.Select(act => $"{act.GetProperty("action")} {act.GetProperty("outcome")}"));
        Assert.Equal("not_found", acts[0].GetProperty("code").GetString());
        Assert.Equal("nobody", acts[0].GetProperty("target").GetString());
        Assert.All(acts.Where(act => act.GetProperty("action").GetString() != "member.join"), act =>
            Assert.Equal($"user:{user.User}", act.GetProperty("actor").GetString()));
        Assert.All(acts, act => Assert.Equal("127.0.0.1", act.GetProperty("from").GetString()));
        Assert.Equal("user:zoe", acts[5].GetProperty("actor").GetString());
        Assert.Equal(("zoe", "admin"), (acts[4].GetProperty("target").GetString(), acts[4].GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task It_is_read_in_pages_and_by_action()
    {
        var user = await host.JoinAsync();
        var workspace = await host.WorkspaceAsync(user.Token);
        for (var made = 0; made < 5; made++)
        {
            (await host.As(user.Token).PostAsync($"/api/workspaces/{workspace}/api-keys", $$"""{"label":"key {{made}}"}""")).Must(201);
        }

        var first = (await host.As(user.Token).GetAsync($"/api/workspaces/{workspace}/audit-events?limit=4")).Must(200);
        var second = (await host.As(user.Token).GetAsync($"/api/workspaces/{workspace}/audit-events?limit=4&cursor={first.String("nextCursor")}")).Must(200);

        Assert.Equal(["key 4", "key 3", "key 2", "key 1"], first["auditEvents"].EnumerateArray().Select(act => act.GetProperty("detail").GetString()));
        Assert.Equal(["key 0", "Another"], second["auditEvents"].EnumerateArray().Select(act => act.GetProperty("detail").GetString()));
        Assert.False(second.Json.TryGetProperty("nextCursor", out _));
        Assert.Single(await host.AuditAsync("?action=workspace.create", workspace, user.Token));
        Assert.Equal(5, (await host.AuditAsync("?action=api_key.create&limit=5", workspace, user.Token)).Count);
    }

    [Fact]
    public async Task Only_administrators_read_it_and_nobody_writes_it()
    {
        const string audit = "/api/workspaces/ws-main/audit-events";
        (await host.As(host.Admin).GetAsync(audit)).Must(200);
        (await host.As(host.Member).GetAsync(audit)).MustRefuse(403, "role_missing");
        (await host.As(host.Key).GetAsync(audit)).MustRefuse(403, "role_missing");
        (await host.As(host.OtherOwner).GetAsync(audit)).MustRefuse(403, "role_missing");
        foreach (var method in (string[])["POST", "PUT", "PATCH", "DELETE"])
        {
            (await host.As(host.Owner).SendAsync(method, audit, "{}")).MustRefuse(405, "method_not_allowed");
        }

        foreach (var query in (string[])["limit=0", "limit=201", "cursor=x", "cursor=-1", "action=nothing", "limit=1&limit=2"])
        {
            (await host.As(host.Owner).GetAsync($"{audit}?{query}")).MustRefuse(400, "request_invalid");
        }
    }

    [Fact]
    public async Task What_a_caller_makes_up_is_not_in_it()
    {
        var user = await host.JoinAsync("admin");
        const string forged = "x%0A2026-01-01 owner did it";
        (await host.As(user.Token).DeleteAsync($"{Team.Members}/{forged}")).MustRefuse(404, "not_found");

        var act = (await host.AuditAsync("?action=member.remove")).First(act => act.GetProperty("actor").GetString() == $"user:{user.User}");

        Assert.False(act.TryGetProperty("target", out _));
        Assert.DoesNotContain("did it", host.Storage.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_refused_acts_does_not_push_out_what_was_done()
    {
        var owner = await host.JoinAsync();
        var workspace = await host.WorkspaceAsync(owner.Token);
        var code = await host.InviteAsync("member", workspace, owner.Token);
        var member = host.Remember((await host.AcceptAsync(code)).Must(201)["token"].GetProperty("secret").GetString()!);
        for (var tried = 0; tried < AuditLog.RefusedPerHour + 5; tried++)
        {
            (await host.As(member).PostAsync($"/api/workspaces/{workspace}/api-keys", """{"label":"x"}""")).MustRefuse(403, "role_missing");
        }

        Assert.Equal(AuditLog.RefusedPerHour, (await host.AuditAsync("?action=api_key.create&limit=200", workspace, owner.Token)).Count);
    }

    [Fact]
    public async Task A_session_that_somebody_else_stopped_is_in_it()
    {
        var (mine, theirs) = (await host.SessionAsync(token: host.Member), await host.SessionAsync(token: host.Member));
        (await host.As(host.Member).DeleteAsync($"/api/sessions/{mine}")).Must(204);
        (await host.As(host.Admin).DeleteAsync($"/api/sessions/{theirs}")).Must(204);

        var stops = await host.AuditAsync("?action=session.stop");

        var stop = Assert.Single(stops, act => act.GetProperty("target").GetString() == theirs);
        Assert.Equal(("user:bob", "127.0.0.1"), (stop.GetProperty("actor").GetString(), stop.GetProperty("from").GetString()));
        Assert.DoesNotContain(stops, act => act.GetProperty("target").GetString() == mine);
    }

    [Fact]
    public async Task What_operators_do_is_in_the_operators_workspace()
    {
        (await host.As(host.Owner).SendAsync("PUT", "/api/admin/workers/nobody/drain")).MustRefuse(404, "not_found");

        var act = (await host.AuditAsync("?action=worker.drain"))[0];

        Assert.Equal(("user:ann", "refused", "nobody"), (
            act.GetProperty("actor").GetString(), act.GetProperty("outcome").GetString(), act.GetProperty("target").GetString()));
    }
}

public sealed class AuditOnHeldFacts(HoldingHost host) : AuditTests(host), IClassFixture<HoldingHost>;

public sealed class AuditAskingEachTime(AskingHost host) : AuditTests(host), IClassFixture<AskingHost>;
