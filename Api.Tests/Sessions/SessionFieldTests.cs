using System.Text.Json;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>Each field of <c>POST /api/sessions</c>: what is refused, and that the refusal names it; what is kept, and that it comes back.</summary>
public sealed class SessionFieldTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Theory]
    [InlineData("""{}""", "clones")]
    [InlineData("""{"clones":null}""", "clones")]
    [InlineData("""{"clones":[]}""", "clones")]
    [InlineData("""{"clones":"github"}""", "clones")]
    [InlineData("""{"clones":[1]}""", "clones[0]")]
    [InlineData("""{"clones":[null]}""", "clones[0]")]
    [InlineData("""{"clones":["github","nope"]}""", "clones[1]")]
    [InlineData("""{"clones":["GitHub"]}""", "clones[0]")]
    [InlineData("""{"clones":["github","slack","github"]}""", "clones[2]")]
    [InlineData("""{"clones":["github"],"seeds":{"github":"nope"}}""", "seeds.github")]
    [InlineData("""{"clones":["github"],"seeds":{"slack":"empty"}}""", "seeds")]
    [InlineData("""{"clones":["github"],"seeds":{"github":null}}""", "seeds.github")]
    [InlineData("""{"clones":["github"],"seeds":["empty"]}""", "seeds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":0}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":86401}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":-1}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":1.5}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":"60"}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":99999999999999999999}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"ttlSeconds":1e999}""", "ttlSeconds")]
    [InlineData("""{"clones":["github"],"rateLimit":0}""", "rateLimit")]
    [InlineData("""{"clones":["github"],"rateLimit":100001}""", "rateLimit")]
    [InlineData("""{"clones":["github"],"scenarioRunCount":0}""", "scenarioRunCount")]
    [InlineData("""{"clones":["github"],"scenarioRunCount":1001}""", "scenarioRunCount")]
    [InlineData("""{"clones":["github"],"scenarioId":7}""", "scenarioId")]
    [InlineData("""{"clones":["github"],"scenarioId":""}""", "scenarioId")]
    [InlineData("""{"clones":["github"],"transport":{}}""", "transport")]
    [InlineData("""{"clones":["github"],"preflightOnly":"yes"}""", "preflightOnly")]
    [InlineData("""{"clones":["github"],"routing":[]}""", "routing")]
    [InlineData("""{"clones":["github"],"source":"x"}""", "source")]
    [InlineData("""{"clones":["github"],"credential":1}""", "credential")]
    [InlineData("""{"clones":["github"],"runConfig":true}""", "runConfig")]
    [InlineData("""{"clones":["github"],"scenarioDraft":[1]}""", "scenarioDraft")]
    [InlineData("""{"clones":["github"],"runProject":"p"}""", "runProject")]
    [InlineData("""{"clones":["github"],"name":""}""", "name")]
    [InlineData("""{"clones":["github"],"name":"a\u001bb"}""", "name")]
    [InlineData("""{"clones":["github"],"labels":{"":"x"}}""", "labels")]
    [InlineData("""{"clones":["github"],"labels":{"a=b":"x"}}""", "labels")]
    [InlineData("""{"clones":["github"],"labels":{"a b":"x"}}""", "labels")]
    [InlineData("""{"clones":["github"],"labels":{"a":null}}""", "labels.a")]
    [InlineData("""{"clones":["github"],"labels":{"a":"\n"}}""", "labels.a")]
    [InlineData("""{"clones":["github"],"labels":{"a":1}}""", "labels.a")]
    [InlineData("""{"clones":["github"],"cloneS":["slack"]}""", "cloneS")]
    [InlineData("""{"clones":["github"],"unheard":1}""", "unheard")]
    [InlineData("""{"clones":["github"],"clones":["slack"]}""", "clones")]
    [InlineData("""{"clones":["github"],"routing":{"a":1,"a":2}}""", "routing")]
    [InlineData("""{"clones":["github"],"routing":{"a":"\ud800"}}""", "body")]
    [InlineData("""{"clones":["github"],"un heard":1}""", "['un heard']")]
    [InlineData("""{"clones":["github"]""", "body")]
    [InlineData("""{"clones":["github"]} x""", "body")]
    [InlineData("""{'clones':['github']}""", "body")]
    [InlineData("""["github"]""", "body")]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    public async Task A_field_that_is_wrong_is_named(string json, string place)
    {
        var before = host.Worker.Placements.Count;

        var answer = await host.As(host.Key).PostAsync("/api/sessions", json);

        answer.MustRefuse(400, "request_invalid");
        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
        Assert.Equal(before, host.Worker.Placements.Count);
    }

    [Fact]
    public async Task Texts_and_lists_that_are_too_long_are_refused()
    {
        var caller = host.As(host.Key);
        var long101 = new string('x', 101);
        var labels = JsonSerializer.Serialize(Enumerable.Range(0, 17).ToDictionary(at => $"l{at}", _ => "v"));

        (await caller.PostAsync("/api/sessions", $$"""{"clones":["github"],"name":"{{long101}}"}""")).MustRefuse(400, "request_invalid");
        (await caller.PostAsync("/api/sessions", $$"""{"clones":["github"],"labels":{{labels}}}""")).MustRefuse(400, "request_invalid");
        (await caller.PostAsync("/api/sessions", $$$"""{"clones":["github"],"labels":{"{{{long101}}}":"v"}}""")).MustRefuse(400, "request_invalid");
    }

    [Fact]
    public async Task An_idempotency_key_has_its_length_and_is_printable()
    {
        const string Preflight = """{"clones":["github"],"preflightOnly":true}""";

        (await host.As(host.Key).With("Idempotency-Key", "a\tb").PostAsync("/api/sessions", Preflight)).MustRefuse(400, "request_invalid");
        (await host.As(host.Key).With("Idempotency-Key", new string('k', 200)).PostAsync("/api/sessions", Preflight)).Must(200);
        var answer = (await host.As(host.Key).With("Idempotency-Key", new string('k', 201)).PostAsync("/api/sessions", Preflight)).MustRefuse(400, "request_invalid");
        Assert.StartsWith("Idempotency-Key", answer.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalogue_has_what_can_be_started_and_from_what()
    {
        var clones = (await host.As(host.Member).GetAsync("/api/clones")).Must(200)["clones"].EnumerateArray().ToList();

        Assert.Equal(["github", "slack"], clones.Select(clone => clone.GetProperty("id").GetString()!));
        Assert.Equal(["empty", "small-project"], clones[0].GetProperty("seeds").EnumerateArray().Select(seed => seed.GetProperty("id").GetString()!));
        Assert.Equal("GitHub", clones[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_is_kept_fits_into_the_record_of_a_session()
    {
        // Six bytes for each of these when it is stored: what is kept is measured as it is kept.
        var fits = new string('<', 20_000);
        var tooMuch = new string('<', 25_000);

        (await host.As(host.Key).PostAsync("/api/sessions", $$$"""{"clones":["github"],"runConfig":{"a":"{{{fits}}}"}}""")).Must(200);
        (await host.As(host.Key).PostAsync("/api/sessions", $$$"""{"clones":["github"],"runConfig":{"a":"{{{tooMuch}}}"}}"""))
            .MustRefuse(400, "request_invalid");
    }

    [Fact]
    public async Task Every_field_comes_back()
    {
        const string Everything = """
            {
              "clones": ["slack", "github"], "seeds": {"github": "small-project"}, "ttlSeconds": 600, "rateLimit": 100, "name": "für zwei",
              "labels": {"ticket": "42", "team/eu": ""}, "scenarioId": "github-first-repository", "transport": "cloud", "scenarioRunCount": 3,
              "routing": {"a": [1, {"b": null}], "n": 12345678901234567890.5e10}, "source": {"kind": "cli"}, "credential": {}, "runConfig": {"x": "ü"},
              "scenarioDraft": {"text": "line\nline"}, "runProject": {"id": 7}
            }
            """;

        var created = (await host.As(host.Key).PostAsync("/api/sessions", Everything)).Must(200);
        var read = (await host.As(host.Key).GetAsync($"/api/sessions/{created.String("sessionId")}")).Must(200);

        using var sent = JsonDocument.Parse(Everything);
        foreach (var answer in new[] { created, read })
        {
            foreach (var field in sent.RootElement.EnumerateObject().Where(field => field.Name is not ("clones" or "seeds")))
            {
                Assert.True(JsonElement.DeepEquals(field.Value, answer[field.Name]), field.Name);
            }

            Assert.Equal(["slack", "github"], answer["cloneIds"].EnumerateArray().Select(clone => clone.GetString()!));
            Assert.Equal("small-project", answer["resolvedSeeds"].GetProperty("github").GetString());
            Assert.Equal("empty", answer["resolvedSeeds"].GetProperty("slack").GetString());
        }
    }

    [Fact]
    public async Task URLs_are_in_the_advertised_form()
    {
        var answer = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"]}""")).Must(200);

        // The clone domain ends in localhost, which few HTTP clients resolve, so the path form it is.
        var expected = $"{host.Address.ToString().TrimEnd('/')}/runtime/{answer.String("sessionId")}/github";
        Assert.Equal(expected, answer["endpoints"].GetProperty("github").GetString());
        Assert.Equal($"{expected}/api", answer["apiBaseUrls"].GetProperty("github").GetString());
        Assert.Equal($"{expected}/mcp", answer["mcp"].GetProperty("github").GetString());
    }

    [Fact]
    public async Task The_ends_of_each_range_are_allowed()
    {
        foreach (var json in new[]
        {
            """{"clones":["github"],"ttlSeconds":1,"rateLimit":1,"scenarioRunCount":1,"preflightOnly":true}""",
            """{"clones":["github"],"ttlSeconds":86400,"rateLimit":100000,"scenarioRunCount":1000,"preflightOnly":true}""",
            """{"clones":["github"],"ttlSeconds":null,"seeds":null,"routing":null,"labels":{},"preflightOnly":true}""",
        })
        {
            (await host.As(host.Key).PostAsync("/api/sessions", json)).Must(200);
        }
    }

    [Fact]
    public async Task A_preflight_checks_and_creates_nothing()
    {
        var caller = host.As(await host.CredentialAsync(Credentials.CredentialKind.WorkspaceKey, "ws-other", null));
        var before = host.Worker.Placements.Count;

        var answer = (await caller.PostAsync("/api/sessions", """{"clones":["github"],"seeds":{"github":"small-project"},"preflightOnly":true}""")).Must(200);

        Assert.Equal("", answer.String("sessionId"));
        Assert.False(answer["alive"].GetBoolean());
        Assert.True(answer["preflightOnly"].GetBoolean());
        Assert.Equal("small-project", answer["resolvedSeeds"].GetProperty("github").GetString());
        Assert.Equal(before, host.Worker.Placements.Count);
        Assert.Empty((await caller.GetAsync("/api/sessions?status=all")).Must(200)["sessions"].EnumerateArray());
    }
}
