using System.Globalization;
using ControlPlane.Gateways;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

public abstract class SessionLifeTests(ManagementHost host)
{
    [Fact]
    public async Task A_session_is_created_read_and_stopped()
    {
        var caller = host.As(host.Key);

        var created = (await caller.PostAsync("/api/sessions", """{"clones":["github"]}""")).Must(200);
        var id = created.String("sessionId");
        var read = (await caller.GetAsync($"/api/sessions/{id.ToUpperInvariant()}")).Must(200);
        var stopped = (await caller.DeleteAsync($"/api/sessions/{id}")).Must(204);
        var after = (await caller.GetAsync($"/api/sessions/{id}")).Must(200);

        Assert.Equal("running", created.String("status"));
        Assert.True(created["alive"].GetBoolean());
        Assert.Equal($"key:{host.Key.Split('_')[2]}", created.String("createdBy"));
        Assert.Equal(created.Text, read.Text);
        Assert.Matches("^acknowledged=[0-9]+, waited=0, ms=[0-9]+$", stopped.Headers["x-archal-revocation"]);
        Assert.Equal("", stopped.Text);
        Assert.DoesNotContain(id, host.Worker.Placements.Keys);
        Assert.Equal("ended", after.String("status"));
        Assert.False(after["alive"].GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.String, after["endedAt"].ValueKind);
    }

    [Fact]
    public async Task Stopping_again_answers_the_same()
    {
        var id = await host.SessionAsync();
        using var running = new Admitted(host, id);
        await running.EnterAsync();

        var first = (await host.As(host.Key).DeleteAsync($"/api/sessions/{id}")).Must(204);
        var second = (await host.As(host.Key).DeleteAsync($"/api/sessions/{id}")).Must(204);

        Assert.StartsWith("acknowledged=1, waited=0, ", first.Headers["x-archal-revocation"], StringComparison.Ordinal);
        Assert.StartsWith("acknowledged=1, waited=0, ", second.Headers["x-archal-revocation"], StringComparison.Ordinal);
        Assert.Equal(Errors.ErrorCode.SessionEnded, (await running.Request.Cut).Code);
    }

    [Fact]
    public async Task Reading_never_moves_a_deadline()
    {
        var caller = host.As(host.Key);
        var id = await host.SessionAsync();
        var before = (await caller.GetAsync($"/api/sessions/{id}/liveness")).Must(200);

        for (var at = 0; at < 3; at++)
        {
            (await caller.GetAsync($"/api/sessions/{id}")).Must(200);
            (await caller.GetAsync("/api/sessions")).Must(200);
            (await caller.GetAsync($"/api/sessions/{id}/liveness")).Must(200);
        }

        Assert.Equal(before.Text, (await caller.GetAsync($"/api/sessions/{id}/liveness")).Must(200).Text);
    }

    [Fact]
    public async Task Liveness_says_until_when_and_why()
    {
        var caller = host.As(host.Key);
        var idle = await host.SessionAsync("""{"clones":["github"],"rateLimit":7}""");
        var end = await host.SessionAsync("""{"clones":["github"],"ttlSeconds":60}""");

        var first = (await caller.GetAsync($"/api/sessions/{idle}/liveness")).Must(200);
        var second = (await caller.GetAsync($"/api/sessions/{end}/liveness")).Must(200);
        await caller.DeleteAsync($"/api/sessions/{end}");
        var third = (await caller.GetAsync($"/api/sessions/{end}/liveness")).Must(200);

        Assert.Equal("idle", first.String("because"));
        Assert.Equal(1800, first["idleSeconds"].GetInt32());
        Assert.Equal(7, first["requestsLeft"].GetInt32());
        Assert.Equal(first.String("idleAt"), first.String("aliveUntil"));
        Assert.Equal("end", second.String("because"));
        Assert.Equal(second.String("endAt"), second.String("aliveUntil"));
        Assert.False(second.Json.TryGetProperty("requestsLeft", out _));
        Assert.Equal("ended", third.String("because"));
        Assert.False(third["alive"].GetBoolean());
    }

    [Fact]
    public async Task Renewing_moves_both_deadlines_and_the_body_is_optional()
    {
        var caller = host.As(host.Key);
        var id = await host.SessionAsync("""{"clones":["github"],"ttlSeconds":60}""");
        var now = TimeProvider.System.GetUtcNow();

        var unsaid = Expiry((await caller.PostAsync($"/api/sessions/{id}/renew")).Must(200));
        var said = Expiry((await caller.PostAsync($"/api/sessions/{id}/renew", """{"ttlSeconds":7200}""")).Must(200));
        var shorter = Expiry((await caller.PostAsync($"/api/sessions/{id}/renew", """{"ttlSeconds":1}""")).Must(200));

        Assert.InRange(unsaid - now, TimeSpan.FromSeconds(3600), TimeSpan.FromSeconds(3660));
        Assert.InRange(said - now, TimeSpan.FromSeconds(7200), TimeSpan.FromSeconds(7260));
        Assert.Equal(said, shorter);
    }

    [Theory]
    [InlineData("""{"ttlSeconds":0}""", "ttlSeconds")]
    [InlineData("""{"ttlSeconds":86401}""", "ttlSeconds")]
    [InlineData("""{"ttlSeconds":"1"}""", "ttlSeconds")]
    [InlineData("""{"seconds":1}""", "seconds")]
    [InlineData("nonsense", "body")]
    public async Task What_is_wrong_with_a_renewal_is_named(string json, string place)
    {
        var answer = (await host.As(host.Key).PostAsync($"/api/sessions/{await host.SessionAsync()}/renew", json)).MustRefuse(400, "request_invalid");

        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_ended_is_not_renewed()
    {
        var id = await host.SessionAsync();
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{id}")).Must(204);

        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/renew")).MustRefuse(409, "session_not_running");
    }

    [Theory]
    [InlineData("GET", "/api/sessions/ses-00000000000000000000000000")]
    [InlineData("GET", "/api/sessions/ses-00000000000000000000000000/liveness")]
    [InlineData("DELETE", "/api/sessions/ses-00000000000000000000000000")]
    [InlineData("POST", "/api/sessions/ses-00000000000000000000000000/renew")]
    [InlineData("GET", "/api/sessions/no%20such%2fthing")]
    [InlineData("GET", "/api/sessions/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task What_does_not_exist_is_404(string method, string target) =>
        (await host.As(host.Key).SendAsync(method, target)).MustRefuse(404, "session_not_found");

    [Fact]
    public async Task A_worker_that_will_not_is_a_session_that_failed_and_says_why()
    {
        host.Worker.Refuse = request => request.Method == "PUT" ? (409, "This worker has had enough.") : null;
        Answer created;
        try
        {
            created = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).Must(200);
        }
        finally
        {
            host.Worker.Refuse = _ => null;
        }

        Assert.Equal("failed", created.String("status"));
        Assert.Equal("This worker has had enough.", created.String("lastError"));
        Assert.Contains(created.String("sessionId"), (await host.As(host.Key).GetAsync("/api/sessions?status=failed")).Text, StringComparison.Ordinal);
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{created.String("sessionId")}")).Must(204);
    }

    private static DateTimeOffset Expiry(Answer answer) => DateTimeOffset.Parse(answer.String("expiresAt"), CultureInfo.InvariantCulture);

    /// <summary>A request to a clone that runs until it is cut.</summary>
    private sealed class Admitted(ManagementHost host, string session) : IDisposable
    {
        public CloneRequest Request { get; } = new();

        public async Task EnterAsync()
        {
            var verdict = await host.Admission.AdmitAsync(Request, new CloneAsk(host.Key, session, "github"), default);
            Assert.NotNull(verdict.Route);
        }

        public void Dispose() => host.Admission.Leave(Request);
    }
}

public sealed class SessionLifeOnHeldFacts(HoldingHost host) : SessionLifeTests(host), IClassFixture<HoldingHost>;

public sealed class SessionLifeAskingEachTime(AskingHost host) : SessionLifeTests(host), IClassFixture<AskingHost>;
