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

        Assert.Equal("running", created.String("status"));
        Assert.Equal(created.Text, read.Text);
        Assert.Matches("^acknowledged=[0-9]+, waited=0, ms=[0-9]+$", stopped.Headers["x-archal-revocation"]);
        Assert.DoesNotContain(id, host.Worker.Placements.Keys);
    }
}

public sealed class SessionLifeOnHeldFacts(HoldingHost host) : SessionLifeTests(host), IClassFixture<HoldingHost>;

public sealed class SessionLifeAskingEachTime(AskingHost host) : SessionLifeTests(host), IClassFixture<AskingHost>;
