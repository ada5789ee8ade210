using ControlPlane.Running;

namespace ControlPlane.Sessions;

/// <summary>What moves a deadline, what does not, and how a session says so.</summary>
public sealed class LifeTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    private readonly StandaloneProcess _program = shared.Program;

    [Fact]
    public async Task Liveness_says_until_when_and_because_of_what()
    {
        var usual = await _program.LivenessAsync((await _program.CreateAsync(new { clones = new[] { "github" } })).Id());
        Assert.Equal(("idle", 1800, true),
            (usual.Text("because"), usual.GetProperty("idleSeconds").GetInt32(), usual.GetProperty("alive").GetBoolean()));
        Assert.Equal(usual.Time("idleAt"), usual.Time("aliveUntil"));
        Assert.Equal(TimeSpan.FromMinutes(30), usual.Time("idleAt") - usual.Time("lastUsedAt"));

        var made = await _program.CreateAsync(new { clones = new[] { "github" }, ttlSeconds = 60, rateLimit = 3 });
        var brief = await _program.LivenessAsync(made.Id());
        Assert.Equal(("end", 3), (brief.Text("because"), brief.GetProperty("requestsLeft").GetInt32()));
        Assert.Equal(brief.Time("endAt"), brief.Time("aliveUntil"));
        Assert.Equal(made.Time("createdAt").AddSeconds(60), brief.Time("endAt"));
        Assert.Equal(made.Time("expiresAt"), brief.Time("endAt"));

        using var stopped = await _program.DeleteAsync($"/api/sessions/{made.Id()}");
        var over = await _program.LivenessAsync(made.Id());
        Assert.Equal(("ended", "ended", false), (over.Text("status"), over.Text("because"), over.GetProperty("alive").GetBoolean()));
    }

    [Fact]
    public async Task Renewing_moves_both_deadlines_and_reading_moves_none()
    {
        var made = await _program.CreateAsync(new { clones = new[] { "github" }, ttlSeconds = 60 });
        var before = await _program.LivenessAsync(made.Id());
        await _program.SessionAsync(made.Id());
        await _program.ListAsync("");
        Assert.Equal(before.ToString(), (await _program.LivenessAsync(made.Id())).ToString());

        var renewed = await _program.CallAsync(HttpMethod.Post, $"/api/sessions/{made.Id()}/renew", _program.OwnerToken);
        var after = await _program.LivenessAsync(made.Id());

        Assert.InRange(after.Time("endAt") - before.Time("endAt"), TimeSpan.FromSeconds(3530), TimeSpan.FromSeconds(3600));
        Assert.InRange(after.Time("idleAt") - before.Time("idleAt"), TimeSpan.FromSeconds(1790), TimeSpan.FromSeconds(1860));
        Assert.Equal(after.Time("aliveUntil"), renewed.Time("expiresAt"));

        // Less than it has already takes nothing away.
        await _program.CallAsync(HttpMethod.Post, $"/api/sessions/{made.Id()}/renew", _program.OwnerToken, new { ttlSeconds = 1 });
        Assert.Equal(after.Time("endAt"), (await _program.LivenessAsync(made.Id())).Time("endAt"));
    }

    [Theory]
    [InlineData("""{"ttlSeconds":0}""")]
    [InlineData("""{"ttlSeconds":86401}""")]
    public async Task A_renewal_out_of_range_is_400_and_named(string body)
    {
        var id = await _program.StartSessionAsync();
        var (status, code, message) = await _program.RefusedAsync(HttpMethod.Post, $"/api/sessions/{id}/renew", SessionCalls.Json(body));

        Assert.Equal((400, "request_invalid"), (status, code));
        Assert.StartsWith("ttlSeconds: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_is_final_and_stopping_twice_answers_the_same()
    {
        var id = await _program.StartSessionAsync();
        using var first = await _program.DeleteAsync($"/api/sessions/{id}");
        using var second = await _program.DeleteAsync($"/api/sessions/{id}");

        Assert.Equal((204, 204), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal((404, "session_ended"), Code(await _program.RefusedAsync(HttpMethod.Get, $"/runtime/{id}/github/api/user")));
        Assert.Equal((409, "session_not_running"), Code(await _program.RefusedAsync(HttpMethod.Post, $"/api/sessions/{id}/renew")));
        Assert.NotNull((await _program.SessionAsync(id)).GetProperty("endedAt").GetString());

        var nobodys = SessionId.New();
        foreach (var (method, path) in (( HttpMethod, string)[])[
            (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/liveness"), (HttpMethod.Post, "/renew")])
        {
            Assert.Equal((404, "session_not_found"), Code(await _program.RefusedAsync(method, $"/api/sessions/{nobodys}{path}")));
        }
    }

    private static (int Status, string Code) Code((int Status, string Code, string Message) refused) => (refused.Status, refused.Code);
}
