using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.AgentTraces;

/// <summary>Traces over HTTP. What is kept of them, and for how long, is held by the behaviour tests of Core.</summary>
public sealed class TraceTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task What_was_sent_is_listed_read_and_deleted()
    {
        var key = host.As(host.Key);
        var sent = (await key.PostAsync("/api/traces", """{"rootTraceId":"run-1","traceId":"t1","sessionId":"SES-One","scenario":"s","steps":[{"tool":"ü","at":1.50}]}""")).Must(200);
        Assert.Equal((true, "run-1", "t1"), (sent["ok"].GetBoolean(), sent.String("rootTraceId"), sent.String("traceId")));

        var list = (await key.GetAsync("/api/traces?sessionId=ses-ONE&scenario=s&includeStats=true&limit=99999999999999999999")).Must(200);
        var root = Assert.Single(list["traces"].EnumerateArray());
        Assert.Equal(("run-1", "ses-one", 1), (root.GetProperty("rootTraceId").GetString(), root.GetProperty("sessionId").GetString(), root.GetProperty("parts").GetInt32()));
        Assert.Equal(1, list["stats"].GetProperty("traces").GetInt32());
        Assert.False((await key.GetAsync("/api/traces")).Must(200).Json.TryGetProperty("stats", out _));

        var read = (await key.GetAsync("/api/traces/run-1")).Must(200);
        var payload = Assert.Single(read["traces"].EnumerateArray()).GetProperty("payload");
        Assert.Equal("ü", payload.GetProperty("steps")[0].GetProperty("tool").GetString());
        Assert.Equal("SES-One", payload.GetProperty("sessionId").GetString());
        (await host.As(host.OtherKey).GetAsync("/api/traces/run-1")).MustRefuse(404, "not_found");

        Assert.Equal(1, (await key.DeleteAsync("/api/traces?rootTraceId=run-1")).Must(200)["deleted"].GetInt32());
        Assert.Equal(0, (await key.DeleteAsync("/api/traces?rootTraceId=run-1")).Must(200)["deleted"].GetInt32());
        (await key.GetAsync("/api/traces/run-1")).MustRefuse(404, "not_found");
    }

    [Fact]
    public async Task Without_ids_it_is_given_them()
    {
        var sent = (await host.As(host.Key).PostAsync("/api/traces", "{}")).Must(200);
        Assert.Matches("^[0-9a-f]{32}$", sent.String("rootTraceId"));
        Assert.Equal(sent.String("rootTraceId"), sent.String("traceId"));
        Assert.Equal("only", (await host.As(host.Key).PostAsync("/api/traces", """{"traceId":"only"}""")).Must(200).String("rootTraceId"));
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    [InlineData("""{"rootTraceId":""}""", "rootTraceId")]
    [InlineData("""{"rootTraceId":".."}""", "rootTraceId")]
    [InlineData("""{"rootTraceId":"a/b"}""", "rootTraceId")]
    [InlineData("""{"traceId":7}""", "traceId")]
    [InlineData("""{"sessionId":""}""", "sessionId")]
    [InlineData("""{"scenario":{}}""", "scenario")]
    [InlineData("""{"a":1,"a":2}""", "")]
    [InlineData("""{"a":{"b":1,"b":2}}""", "")]
    [InlineData("""{"a":"\ud800"}""", "body")]
    public async Task A_payload_that_cannot_be_kept_is_refused_by_its_place(string body, string place)
    {
        var refused = (await host.As(host.Key).PostAsync("/api/traces", body)).MustRefuse(400, "request_invalid");
        Assert.StartsWith(place, refused.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_is_413()
    {
        (await host.As(host.Key).PostAsync("/api/traces", $$"""{"text":"{{new string('x', TraceEntity.MostBytes)}}"}""")).MustRefuse(413, "body_too_large");
        (await host.As(host.Key).PostAsync("/api/traces", $$"""{"text":"{{new string('x', 1024 * 1024)}}"}""")).MustRefuse(413, "body_too_large");
    }

    [Theory]
    [InlineData("GET", "?limit=0", "limit")]
    [InlineData("GET", "?limit=-1", "limit")]
    [InlineData("GET", "?limit=1.5", "limit")]
    [InlineData("GET", "?since=yesterday", "since")]
    [InlineData("GET", "?since=2026-01-01", "since")]
    [InlineData("GET", "?since=2026-01-01T00:00:00", "since")]
    [InlineData("GET", "?includeStats=1", "includeStats")]
    [InlineData("GET", "?cursor=x", "cursor")]
    [InlineData("DELETE", "", "query")]
    [InlineData("DELETE", "?all=false", "query")]
    [InlineData("DELETE", "?all=true&rootTraceId=a", "query")]
    [InlineData("DELETE", "?before=now", "before")]
    public async Task A_query_that_says_nothing_clear_is_refused_by_its_name(string method, string query, string place)
    {
        var refused = (await host.As(host.Key).SendAsync(method, $"/api/traces{query}")).MustRefuse(400, "request_invalid");
        Assert.StartsWith(place, refused.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moments_are_read_with_any_zone_and_fraction()
    {
        foreach (var moment in new[] { "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00%2B02:00" })
        {
            (await host.As(host.Key).GetAsync($"/api/traces?since={moment}")).Must(200);
        }
    }

    [Fact]
    public async Task Sending_and_deleting_need_sessions_write_and_reading_sessions_read()
    {
        var reader = await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.SessionsRead);
        var other = await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.WorkspacesRead);

        (await host.As(reader).GetAsync("/api/traces")).Must(200);
        (await host.As(reader).GetAsync("/api/traces/none")).MustRefuse(404, "not_found");
        (await host.As(reader).PostAsync("/api/traces", "{}")).MustRefuse(403, "scope_missing");
        (await host.As(reader).DeleteAsync("/api/traces?all=true")).MustRefuse(403, "scope_missing");
        (await host.As(other).GetAsync("/api/traces")).MustRefuse(403, "scope_missing");
        (await host.As(other).GetAsync("/api/traces/none")).MustRefuse(403, "scope_missing");
    }
}
