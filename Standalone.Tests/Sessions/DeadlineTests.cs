using System.Net;
using ControlPlane.Running;

namespace ControlPlane.Sessions;

/// <summary>Deadlines that pass while somebody looks, on held facts and when owners are asked for each request.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Idleness_ends_what_is_not_used_and_looking_is_no_use(bool reuse)
    {
        await using var program = await StandaloneProcess.StartAsync(null, $"--Sessions:IdleLimit={IdleLimit}", $"--Leases:Reuse={reuse}",
            "--Leases:Duration=00:00:02");
        using var owner = program.Client(program.OwnerToken);
        using var reader = program.Client((await program.CreateKeyAsync("sessions:read")).Secret);
        var (used, looked, refused) = (await program.StartSessionAsync(), await program.StartSessionAsync(),
            await program.StartSessionAsync());
        var promised = await program.LivenessAsync(looked);

        await Until.TrueAsync("both that are not used have ended", async () =>
        {
            using var use = await owner.GetAsync($"/runtime/{used}/github/api/user");
            using var withoutScope = await reader.GetAsync($"/runtime/{refused}/github/api/user");
            using var withoutClone = await owner.GetAsync($"/runtime/{refused}/slack/api/user");
            Assert.Equal(
                (HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound),
                    (use.StatusCode, withoutScope.StatusCode, withoutClone.StatusCode));
            var (one, other) = (await program.LivenessAsync(looked), await program.SessionAsync(refused));
            if (one.GetProperty("alive").GetBoolean())
            {
                Assert.Equal(promised.Time("aliveUntil"), one.Time("aliveUntil"));
            }

            return (one.Text("status"), other.Text("status")) == ("ended", "ended");
        });

        var session = await program.SessionAsync(looked);
        Assert.InRange(session.Time("endedAt") - session.Time("createdAt"), IdleLimit, TimeSpan.FromSeconds(30));
        Assert.Equal("running", (await program.SessionAsync(used)).Text("status"));
        await program.CallAsync(HttpMethod.Get, $"/runtime/{used}/github/api/user", program.OwnerToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_comes_when_it_was_promised_whatever_the_traffic(bool reuse)
    {
        await using var program = await StandaloneProcess.StartAsync(null, $"--Leases:Reuse={reuse}");
        using var owner = program.Client(program.OwnerToken);
        var made = await program.CreateAsync(new { clones = new[] { "github" }, ttlSeconds = 2 });
        await program.CallAsync(HttpMethod.Get, $"/runtime/{made.Id()}/github/api/user", program.OwnerToken);

        // What carries no error of the route was admitted, whatever the clone says: so many requests pass its own limit of requests an hour.
        for (var admitted = true; admitted;)
        {
            var asked = TimeProvider.System.GetUtcNow();
            using var answer = await owner.GetAsync($"/runtime/{made.Id()}/github/api/user");
            admitted = !answer.Headers.TryGetValues("x-route-error", out var refusal);
            Assert.True(admitted || (answer.StatusCode, refusal!.Single()) == (HttpStatusCode.NotFound, "session_ended"), $"{answer}");
            Assert.True(!admitted || asked < made.Time("expiresAt").AddSeconds(1), "it was let in after its end");
        }

        Assert.True(TimeProvider.System.GetUtcNow() >= made.Time("expiresAt"));
        await Until.TrueAsync("it says so", async () => (await program.SessionAsync(made.Id())).Text("status") == "ended");
        Assert.Equal(made.Time("expiresAt"), (await program.LivenessAsync(made.Id())).Time("endAt"));
    }
}
