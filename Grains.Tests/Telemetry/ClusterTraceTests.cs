using System.Net;
using System.Net.Http.Headers;

namespace ControlPlane.Telemetry;

/// <summary>One trace over all processes of a cluster.</summary>
public sealed class ClusterTraceTests(TelemetryCluster cluster) : IClassFixture<TelemetryCluster>
{
    private const string CallersSpan = "00f067aa0ba902b7";

    [Fact]
    public async Task A_trace_runs_from_the_gateway_through_silos_to_the_worker()
    {
        var (session, key) = (await cluster.SessionAsync(cluster.One), await cluster.KeyAsync(cluster.Other));
        var (call, revoke) = (NewTrace(), NewTrace());

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret, call));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(
            HttpMethod.Delete, $"/api/workspaces/ws-default/api-keys/{key.Id}", cluster.Token, revoke));

        var request = await SpanAsync(call, "archal-gateway", "GET /runtime/{session}/{clone}");
        Assert.Equal(CallersSpan, request.ParentId);
        Assert.Equal(request.SpanId, (await SpanAsync(call, "archal-worker", "clone")).ParentId);

        // The question is asked in the gateway and answered in a silo, below it in the same trace.
        var asked = await SpanAsync(call, "archal-gateway", "ask session");
        Assert.Equal(request.SpanId, asked.ParentId);
        await cluster.Collector.UntilAsync("a silo has answered below the question", (spans, _) =>
            spans.Any(span => span.Service == "archal-silo" && span.TraceId == call && Below(span, asked, spans)));

        var revoked = await SpanAsync(revoke, "archal-gateway", "DELETE /api/workspaces/{workspaceId}/api-keys/{keyId}");
        await cluster.Collector.UntilAsync("a recall is below the revocation", (spans, _) =>
            spans.Any(span => span is { Service: "archal-silo", Name: "recall credential" } && span.TraceId == revoke && Below(span, revoked, spans)));

        await cluster.Collector.UntilAsync("all four kinds of metrics have arrived", (_, points) => new[]
        {
            ("archal-gateway", "archal.gateway.requests"), ("archal-silo", "archal.recall.duration"), ("archal-silo", "archal.store.duration"),
            ("archal-silo", "archal.workers"), ("archal-worker", "archal.worker.sessions"),
        }.All(wanted => points.Any(point => (point.Service, point.Metric) == wanted)));

        // Renewals and heartbeats belong to nobody's request.
        Assert.Empty(cluster.Collector.Spans(span => span.ParentId == "" && span.Name.Contains('/', StringComparison.Ordinal) && !span.Name.Contains(' ', StringComparison.Ordinal)));
        Assert.All([key.Secret, cluster.Token], token =>
            Assert.DoesNotContain(token[(token.LastIndexOf('_') + 1)..], cluster.Collector.Everything, StringComparison.OrdinalIgnoreCase));
    }

    private static string NewTrace() => Guid.NewGuid().ToString("N");

    private static bool Below(Span span, Span above, IReadOnlyList<Span> all)
    {
        for (var at = span; at is not null; at = all.FirstOrDefault(other => other.SpanId == at.ParentId))
        {
            if (at.SpanId == above.SpanId)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<Span> SpanAsync(string trace, string service, string name)
    {
        bool Wanted(Span span) => (span.TraceId, span.Service, span.Name) == (trace, service, name);
        await cluster.Collector.UntilAsync($"{service} has sent {name} of {trace}", (spans, _) => spans.Any(Wanted));
        return Assert.Single(cluster.Collector.Spans(Wanted));
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string token, string trace)
    {
        using var client = cluster.Client(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(method, new Uri(cluster.One, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("traceparent", $"00-{trace}-{CallersSpan}-01");
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
