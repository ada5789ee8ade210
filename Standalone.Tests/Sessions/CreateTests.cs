using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Sessions;

public sealed class CreateTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    private readonly StandaloneProcess _program = shared.Program;

    [Fact]
    public async Task Every_field_is_kept_and_echoed()
    {
        var order = JsonSerializer.SerializeToElement(new
        {
            clones = new[] { "github" },
            seeds = new { github = "small-project" },
            ttlSeconds = 120,
            rateLimit = 7,
            name = "Nightly run ü 東",
            labels = new Dictionary<string, string> { ["ticket"] = "42", ["team/area"] = "" },
            scenarioId = "github-triage-bugs",
            transport = "http",
            scenarioRunCount = 3,
            routing = new { mode = "path" },
            source = new { kind = "cli", deep = new { list = new object?[] { 1, 2.5, null, "x" } } },
            credential = new { id = "c" },
            runConfig = new { model = "m" },
            scenarioDraft = new { title = "t" },
            runProject = new { id = "p" },
        });

        var made = await _program.CreateAsync(order);

        Assert.Matches("^ses-[0-9a-hjkmnp-tv-z]{26}$", made.Id());
        Assert.Equal(("running", true), (made.Text("status"), made.GetProperty("alive").GetBoolean()));
        Assert.Equal("small-project", made.GetProperty("resolvedSeeds").GetProperty("github").GetString());
        Assert.Equal("github", made.GetProperty("cloneIds")[0].GetString());
        Assert.Equal($"{_program.Url.GetLeftPart(UriPartial.Authority)}/runtime/{made.Id()}/github/api",
            made.GetProperty("apiBaseUrls").GetProperty("github").GetString());
        foreach (var field in order.EnumerateObject().Where(field => field.Name is not ("clones" or "seeds")))
        {
            Assert.True(JsonElement.DeepEquals(field.Value, made.GetProperty(field.Name)), field.Name);
        }

        Assert.Equal(made.ToString(), (await _program.SessionAsync(made.Id())).ToString());
        Assert.Equal(made.ToString(), (await _program.SessionAsync(made.Id().ToUpperInvariant())).ToString());
    }

    [Fact]
    public async Task Preflight_checks_everything_and_creates_nothing()
    {
        var label = $"of-{Guid.NewGuid():N}";
        var answer = await _program.CreateAsync(
            new { clones = new[] { "github" }, preflightOnly = true, labels = new Dictionary<string, string> { [label] = "x" } });

        Assert.Equal(("preflight", "", false), (answer.Text("status"), answer.Id(), answer.GetProperty("alive").GetBoolean()));
        Assert.Empty(await _program.ListAsync($"status=all&label={label}"));
        Assert.Equal(400, (await RefusedAsync("""{"clones":["github"],"preflightOnly":true,"ttlSeconds":0}""")).Status);
    }

    [Theory]
    [InlineData("body", "")]
    [InlineData("body", "null")]
    [InlineData("body", "[]")]
    [InlineData("body", "{")]
    [InlineData("body", """{"clones":["github"]} x""")]
    [InlineData("clones", "{}")]
    [InlineData("clones", """{"clones":[]}""")]
    [InlineData("clones[0]", """{"clones":["gitlab"]}""")]
    [InlineData("clones[0]", """{"clones":["GitHub"]}""")]
    [InlineData("clones[1]", """{"clones":["github","github"]}""")]
    [InlineData("clones[0]", """{"clones":[null]}""")]
    [InlineData("clones", """{"clones":"github"}""")]
    [InlineData("seeds.github", """{"clones":["github"],"seeds":{"github":"huge"}}""")]
    [InlineData("seeds", """{"clones":["github"],"seeds":{"slack":"empty"}}""")]
    [InlineData("ttlSeconds", """{"clones":["github"],"ttlSeconds":0}""")]
    [InlineData("ttlSeconds", """{"clones":["github"],"ttlSeconds":86401}""")]
    [InlineData("ttlSeconds", """{"clones":["github"],"ttlSeconds":1.5}""")]
    [InlineData("ttlSeconds", """{"clones":["github"],"ttlSeconds":"60"}""")]
    [InlineData("rateLimit", """{"clones":["github"],"rateLimit":0}""")]
    [InlineData("rateLimit", """{"clones":["github"],"rateLimit":100001}""")]
    [InlineData("name", """{"clones":["github"],"name":""}""")]
    [InlineData("name", """{"clones":["github"],"name":"two\nlines"}""")]
    [InlineData("labels", """{"clones":["github"],"labels":{"a b":"c"}}""")]
    [InlineData("labels.a", """{"clones":["github"],"labels":{"a":null}}""")]
    [InlineData("scenarioRunCount", """{"clones":["github"],"scenarioRunCount":0}""")]
    [InlineData("routing", """{"clones":["github"],"routing":"path"}""")]
    [InlineData("surprise", """{"clones":["github"],"surprise":1}""")]
    [InlineData("Clones", """{"Clones":["github"]}""")]
    public async Task What_is_wrong_is_400_and_named(string field, string body)
    {
        var (status, code, message) = await RefusedAsync(body);

        Assert.Equal((400, "request_invalid"), (status, code));
        Assert.StartsWith($"{field}: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_told_to_send_json()
    {
        var (status, _, message) = await _program.RefusedAsync(
            HttpMethod.Post, "/api/sessions",
                new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")));

        Assert.Equal(400, status);
        Assert.Contains("application/json", message, StringComparison.Ordinal);
    }

    private Task<(int Status, string Code, string Message)> RefusedAsync(string body) =>
        _program.RefusedAsync(HttpMethod.Post, "/api/sessions", SessionCalls.Json(body));
}
