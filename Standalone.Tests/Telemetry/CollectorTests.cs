using System.Net;
using ControlPlane.Errors;
using ControlPlane.Running;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Telemetry;

/// <summary>The built program sends to a collector what docs/operations.md says, and no secret with it.</summary>
public sealed class CollectorTests : IAsyncLifetime
{
    private const string CallersSpan = "00f067aa0ba902b7";

    private Collector _collector = null!;
    private StandaloneProcess _program = null!;

    public async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        _program = await StandaloneProcess.StartInAsync(_collector.Environment);
    }

    public async Task DisposeAsync()
    {
        await _program.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task A_trace_runs_from_its_caller_through_gateway_and_owners_to_the_worker()
    {
        var (create, call, revoke) = (NewTrace(), NewTrace(), NewTrace());
        var key = await _program.CreateKeyAsync();
        var session = await StartSessionAsync(key.Secret, create);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret, call));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(
            HttpMethod.Delete, $"/api/workspaces/{Tenant.Workspace}/api-keys/{key.Id}", _program.OwnerToken, revoke));

        var request = await SpanAsync(call, "GET /runtime/{session}/{clone}");
        Assert.Equal(("archal-standalone", CallersSpan, "200", session), (request.Service, request.ParentId, request.Attributes["http.response.status_code"], request.Attributes["archal.session.id"]));
        Assert.Equal("granted", (await SpanAsync(call, "ask session", request)).Attributes["archal.outcome"]);
        Assert.Equal("github", (await SpanAsync(call, "clone", request)).Attributes["archal.clone"]);

        var made = await SpanAsync(create, "POST /api/sessions");
        Assert.Equal(CallersSpan, made.ParentId);
        await SpanAsync(create, "start placement", await SpanAsync(create, "worker start", made));

        var revoked = await SpanAsync(revoke, "DELETE /api/workspaces/{workspaceId}/api-keys/{keyId}");
        Assert.Equal("direct", (await SpanAsync(revoke, "recall credential", revoked)).Attributes["archal.outcome"]);
    }

    [Fact]
    public async Task Whoever_is_refused_is_in_the_trace_with_the_code_and_nothing_that_was_sent()
    {
        var (trace, mistyped) = (NewTrace(), "archal_key_mistyped0");

        await SendAsync(HttpMethod.Get, "/runtime/no-such-session/github/api/user", mistyped, trace);

        var refused = await SpanAsync(trace, "GET /runtime/{session}/{clone}");
        Assert.Equal(("401", "credential_malformed"), (refused.Attributes["http.response.status_code"], refused.Attributes["error.type"]));
        Assert.DoesNotContain(mistyped, _collector.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("no-such-session", _collector.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_metric_of_one_process_arrives_with_the_documented_tags_alone()
    {
        var key = await _program.CreateKeyAsync();
        var session = await StartSessionAsync(key.Secret, NewTrace());
        await SendAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret, NewTrace());
        await SendAsync(HttpMethod.Get, $"/runtime/{session}/nothing/api/user", key.Secret, NewTrace());
        await SendAsync(HttpMethod.Get, "/api/nothing", key.Secret, NewTrace());
        await _program.RevokeAsync(key.Id);

        // What a short life in one process has no occasion for.
        string[] absent = ["archal.gateway.lease.lapses", "archal.gateway.streams", "archal.listener.refusals", "archal.listener.evictions"];
        var expected = DocumentedNames.Rows.Select(row => row[0].Trim('`')).Where(name => name.StartsWith("archal.", StringComparison.Ordinal)).Except(absent).ToList();
        await _collector.UntilAsync("every metric has arrived", (_, points) => !expected.Except(points.Select(point => point.Metric)).Any());

        var codes = Enum.GetValues<ErrorCode>().Select(code => code.Word()).ToHashSet();
        Assert.All(_collector.Points().Where(point => point.Metric.StartsWith("archal.", StringComparison.Ordinal)), point =>
        {
            var documented = DocumentedNames.Tags(point.Metric);
            Assert.All(point.Tags, tag =>
            {
                Assert.True(documented.TryGetValue(tag.Key, out var words), $"{point.Metric} has an undocumented tag {tag.Key}");
                Assert.True(tag.Key == "code" ? codes.Contains(tag.Value) : words.Contains(tag.Value), $"{point.Metric}: {tag.Key}={tag.Value}");
            });
        });
        Assert.Contains(_collector.Points(), point => point.Metric == "http.server.request.duration");
    }

    [Fact]
    public async Task No_secret_is_in_what_is_sent()
    {
        var key = await _program.CreateKeyAsync();
        var session = await StartSessionAsync(key.Secret, NewTrace());
        string[] canaries = ["canaryinquery", "canaryinstate", "canaryinbody", "canaryinservice", "canaryinbaggage"];
        var trace = NewTrace();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/runtime/{session}/github/api/user/repos?access_token={canaries[0]}");
        request.Headers.Add("traceparent", $"00-{trace}-{CallersSpan}-01");
        request.Headers.Add("tracestate", $"vendor={canaries[1]}");
        request.Headers.Add("baggage", $"token={canaries[4]}");
        request.Headers.Add("x-route-authorization", $"Bearer {key.Secret}");
        request.Headers.Add("Authorization", $"Bearer {canaries[3]}");
        request.Content = new StringContent($"{{\"name\":\"{canaries[2]}\"}}");
        using var client = _program.Client();
        await client.SendAsync(request);
        await SpanAsync(trace, "clone");
        await _program.RevokeAsync(key.Id);

        // What is left is sent before it ends.
        var placementKey = await PlacementKeyAsync(session);
        Assert.Equal(0, await _program.TerminateAsync());

        Assert.Contains(session, _collector.Everything, StringComparison.Ordinal);
        Assert.All([.. canaries, placementKey, Secret(key.Secret), Secret(_program.OwnerToken)], secret =>
            Assert.DoesNotContain(secret, _collector.Everything, StringComparison.OrdinalIgnoreCase));
    }

    private static string NewTrace() => Guid.NewGuid().ToString("N");

    private static string Secret(string token) => token[(token.LastIndexOf('_') + 1)..];

    private async Task<Span> SpanAsync(string trace, string name, Span? within = null)
    {
        await _collector.UntilAsync($"{name} of {trace} has arrived", (spans, _) => spans.Any(span => span.TraceId == trace && span.Name == name));
        var found = Assert.Single(_collector.Spans(span => span.TraceId == trace && span.Name == name));
        Assert.Equal(within?.SpanId ?? found.ParentId, found.ParentId);
        Assert.Equal("", found.State);
        return found;
    }

    private async Task<string> StartSessionAsync(string token, string trace)
    {
        using var client = _program.Client(token);
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{CallersSpan}-01");
        using var body = new StringContent("{\"clones\":[\"github\"]}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/sessions", body);
        return System.Text.Json.JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement.GetProperty("sessionId").GetString()!;
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string token, string trace)
    {
        using var client = _program.Client(token);
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("traceparent", $"00-{trace}-{CallersSpan}-01");
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<string> PlacementKeyAsync(string session)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(_program.Data, "control.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await using var query = database.CreateCommand();
        query.CommandText = "SELECT state ->> '$.placement.key' FROM record WHERE kind = 'session' AND key = $key";
        query.Parameters.AddWithValue("$key", session);
        return (string)(await query.ExecuteScalarAsync())!;
    }
}
