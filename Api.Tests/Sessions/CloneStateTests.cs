using System.Text;
using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>Reset, seed, state and tools over HTTP.</summary>
public sealed class CloneStateTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task A_state_goes_to_the_worker_and_comes_from_it_as_it_is()
    {
        var id = await host.SessionAsync();

        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/clones/github/seed", """{"state":{"b":[1.50,"ä"]}}""")).Must(200);

        var state = (await host.As(host.Key).GetAsync($"/api/sessions/{id}/clones/GitHub/state")).Must(200);
        Assert.Equal("""{"b":[1.50,"ä"]}""", state.Text);
        Assert.Equal(("application/json", "no-store"), (state.Headers["Content-Type"], state.Headers["Cache-Control"]));
    }

    [Fact]
    public async Task Seed_and_reset_name_the_seed_to_the_worker()
    {
        var id = await host.SessionAsync("""{"clones":["github","slack"],"seeds":{"github":"small-project"}}""");
        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/clones/github/seed", """{"seed":"empty"}""")).Must(200);
        Assert.Equal(id, (await host.As(host.Key).PostAsync($"/api/sessions/{id.ToUpperInvariant()}/reset")).Must(200).String("sessionId"));
        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/reset", """{"clone":"slack"}""")).Must(200);

        Assert.Equal(
            [("github", "empty"), ("github", "small-project"), ("slack", "empty"), ("slack", "empty")],
            host.Worker.Seen.Where(seen => seen.StartsWith($"PUT /placements/{id}/clones/", StringComparison.Ordinal))
                .Select(seen => (seen.Split('/')[4], seen.Split("seed=")[1].Split('&')[0])));
    }

    [Fact]
    public async Task What_is_wrong_is_said()
    {
        var id = await host.SessionAsync();
        var seed = $"/api/sessions/{id}/clones/github/seed";
        var reader = await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.SessionsRead);

        (await host.As(host.Key).PostAsync(seed, "{}")).MustRefuse(400, "request_invalid");
        (await host.As(host.Key).PostAsync(seed, """{"seed":"empty","state":{}}""")).MustRefuse(400, "request_invalid");
        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/clones/slack/seed", """{"seed":"empty"}""")).MustRefuse(404, "clone_not_in_session");
        (await host.As(host.Key).PostAsync("/api/sessions/ses-unknown/reset")).MustRefuse(404, "session_not_found");
        (await host.As(host.OtherKey).PostAsync($"/api/sessions/{id}/reset")).MustRefuse(403, "session_forbidden");
        (await host.As(reader).PostAsync($"/api/sessions/{id}/reset")).MustRefuse(403, "scope_missing");
        (await host.As(reader).GetAsync($"/api/sessions/{id}/clones/github/state")).MustRefuse(403, "scope_missing");
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{id}")).Must(204);
        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/reset")).MustRefuse(409, "session_not_running");
        (await host.As(host.Key).PostAsync(seed, """{"seed":"empty"}""")).MustRefuse(409, "session_not_running");
    }

    [Fact]
    public async Task A_state_may_have_thirty_two_mebibytes_and_no_more()
    {
        var id = await host.SessionAsync();
        async Task<Answer> SeedAsync(int bytes)
        {
            using var content = new StringContent($$$"""{"state":{"a":"{{{new string('x', bytes)}}}"}}""", Encoding.UTF8, "application/json");
            return await host.As(host.Key).SendAsync("POST", $"/api/sessions/{id}/clones/github/seed", content);
        }

        (await SeedAsync((32 * 1024 * 1024) - 100)).Must(200);
        (await SeedAsync(32 * 1024 * 1024)).MustRefuse(413, "body_too_large");
    }

    [Fact]
    public async Task The_tools_of_a_clone_are_listed()
    {
        var tools = (await host.As(host.Key).GetAsync("/api/clones/github/tools")).Must(200)["tools"];
        Assert.Equal(("list-issues", "GET", "/issues"), (
            tools[0].GetProperty("name").GetString(), tools[0].GetProperty("method").GetString(), tools[0].GetProperty("path").GetString()));
        Assert.Equal(0, (await host.As(host.Key).GetAsync("/api/clones/slack/tools")).Must(200)["tools"].GetArrayLength());
        (await host.As(host.Key).GetAsync("/api/clones/jira/tools")).MustRefuse(404, "not_found");
        Assert.DoesNotContain("tools", (await host.As(host.Key).GetAsync("/api/clones")).Must(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_go_to_the_worker_and_come_from_it()
    {
        const string List = """{"faults":[{"method":"GET","path":"/user","delayMs":5,"status":503,"times":2}]}""";
        var id = await host.SessionAsync();
        var target = $"/api/sessions/{id}/clones/GitHub/faults";

        Assert.Equal(List, (await host.As(host.Key).SendAsync("PUT", target, List)).Must(200).Text);

        Assert.Equal(List, (await host.As(host.Key).GetAsync(target)).Must(200).Text);
        Assert.Contains($"PUT /placements/{id}/clones/github/faults?epoch=1", host.Worker.Seen);
        (await host.As(host.Key).SendAsync("PUT", target, """{"faults":[{"colour":"red"}]}""")).MustRefuse(400, "request_invalid");
        (await host.As(host.Key).SendAsync("PUT", $"/api/sessions/{id}/clones/slack/faults", List)).MustRefuse(404, "clone_not_in_session");
        (await host.As(host.OtherKey).SendAsync("PUT", target, List)).MustRefuse(403, "session_forbidden");
        var reader = await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.SessionsRead);
        (await host.As(reader).SendAsync("PUT", target, List)).MustRefuse(403, "scope_missing");
        (await host.As(reader).GetAsync(target)).Must(200);
    }

    [Fact]
    public async Task The_coverage_of_a_clone_is_what_it_serves()
    {
        var coverage = (await host.As(host.Key).GetAsync("/api/clones/GitHub/coverage")).Must(200);
        Assert.Equal(("github", 1, 404), (coverage.String("clone"), coverage["served"].GetInt32(), coverage["otherwise"].GetInt32()));
        Assert.Equal("/issues", coverage["operations"][0].GetProperty("path").GetString());
        (await host.As(host.Key).GetAsync("/api/clones/jira/coverage")).MustRefuse(404, "not_found");
    }
}
