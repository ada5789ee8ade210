using ControlPlane.Hosting;

namespace ControlPlane.Scenarios;

public sealed class ScenarioTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task Each_that_is_listed_starts_its_clones_from_its_seeds()
    {
        var scenarios = (await host.As(host.Key).GetAsync("/api/scenarios")).Must(200)["scenarios"].EnumerateArray().ToList();

        Assert.Equal(Scenario.BuiltIn.Select(scenario => scenario.Id), scenarios.Select(scenario => scenario.GetProperty("id").GetString()));
        foreach (var scenario in scenarios)
        {
            var made = (await host.As(host.Key).PostAsync(
                "/api/sessions", $$"""{"clones":{{scenario.GetProperty("clones")}},"scenarioId":"{{scenario.GetProperty("id").GetString()}}"}""")).Must(200);

            Assert.Equal(scenario.GetProperty("seeds").ToString(), made["resolvedSeeds"].ToString());
            Assert.Equal(scenario.GetProperty("id").GetString(), made.String("scenarioId"));
        }
    }

    [Fact]
    public async Task A_seed_that_the_caller_names_counts_more()
    {
        var made = (await host.As(host.Key).PostAsync(
            "/api/sessions", """{"clones":["github","slack"],"seeds":{"github":"empty"},"scenarioId":"github-triage-bugs"}""")).Must(200);

        Assert.Equal("""{"github":"empty","slack":"empty"}""", made["resolvedSeeds"].ToString());
    }

    [Theory]
    [InlineData("""{"clones":["github"],"scenarioId":"no-such"}""")]
    [InlineData("""{"clones":["slack"],"scenarioId":"github-triage-bugs"}""")]
    public async Task One_that_cannot_be_applied_is_refused(string body) => Assert.StartsWith(
        "scenarioId: ", (await host.As(host.Key).PostAsync("/api/sessions", body)).MustRefuse(400, "request_invalid").String("message"), StringComparison.Ordinal);
}
