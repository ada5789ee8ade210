using System.Text.Json;
using ControlPlane.Hosting;

namespace ControlPlane.OpenApi;

/// <summary>
/// The published 0.3.0 description, walked: what is implemented of it is called, and each answer has a status that it names and what its
/// schema requires.
/// </summary>
public sealed class PublishedTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    private static readonly JsonElement Published = Read();

    /// <summary>What is published and not served here: by another part of the product.</summary>
    private static readonly string[] Elsewhere =
    [
        "get /runtime/{sessionId}/{cloneId}/api/{path}", "post /runtime/{sessionId}/{cloneId}/api/{path}",
    ];

    [Fact]
    public void What_is_published_is_here_or_known_to_be_elsewhere()
    {
        var mapped = host.Routes.Select(route => $"{route.Method.ToLowerInvariant()} {route.Path}").ToHashSet();

        var missing = Operations().Select(operation => operation.Name).Where(name => !mapped.Contains(name));

        Assert.Equal(Elsewhere.Order(StringComparer.Ordinal), missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_published_answer_has_what_its_schema_requires()
    {
        foreach (var (name, operation) in Operations().Where(row => !Elsewhere.Contains(row.Name)))
        {
            var (method, path) = (name.Split(' ')[0].ToUpperInvariant(), name.Split(' ')[1]);
            var body = operation.TryGetProperty("requestBody", out _) ? """{"clones":["github"],"preflightOnly":false}""" : null;
            var session = await host.SessionAsync();
            body = name == "post /auth/device/token" ? await DeviceAsync() : body;

            foreach (var (token, id) in new[] { (host.Key, session), (host.OtherKey, session), (null, session), (host.Key, "env_12345") })
            {
                var answer = await host.As(token).SendAsync(method, path.Replace("{sessionId}", id, StringComparison.Ordinal).Replace("{runId}", id, StringComparison.Ordinal), body);

                Assert.True(operation.GetProperty("responses").TryGetProperty($"{answer.Status}", out var response), $"{name} answered {answer.Status}");
                if (Resolve(response).TryGetProperty("content", out var content))
                {
                    SchemaCheck.Holds(Published, content.GetProperty("application/json").GetProperty("schema"), answer.Json, $"{name} {answer.Status}");
                }
            }
        }
    }

    private async Task<string> DeviceAsync() =>
        $$"""{"device_code":"{{(await host.As(null).PostAsync("/auth/device")).Must(200).String("device_code")}}"}""";

    [Fact]
    public async Task A_session_with_every_published_field_holds_to_its_schema()
    {
        const string Everything = """
            {"clones":["github"],"scenarioId":"github-first-repository","preflightOnly":false,"transport":"cloud","ttlSeconds":60,"scenarioRunCount":1,"rateLimit":5,
             "routing":{},"seeds":{"github":"empty"},"source":{},"credential":{},"runConfig":{},"scenarioDraft":{},"runProject":{}}
            """;
        var schemas = Published.GetProperty("components").GetProperty("schemas");
        using var sent = JsonDocument.Parse(Everything);
        Assert.Equal(
            schemas.GetProperty("CreateSessionRequest").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal),
            sent.RootElement.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));

        var created = (await host.As(host.Key).PostAsync("/api/sessions", Everything)).Must(200);
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{created.String("sessionId")}")).Must(204);
        var ended = (await host.As(host.Key).GetAsync($"/api/sessions/{created.String("sessionId")}")).Must(200);

        SchemaCheck.Holds(Published, schemas.GetProperty("SessionSummary"), created.Json, "created");
        SchemaCheck.Holds(Published, schemas.GetProperty("SessionSummary"), ended.Json, "ended");
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations() =>
        from path in Published.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name is "get" or "post" or "put" or "patch" or "delete"
        select ($"{operation.Name} {path.Name}", operation.Value);

    private static JsonElement Resolve(JsonElement part) => SchemaCheck.Resolve(Published, part);

    private static JsonElement Read()
    {
        using var stream = typeof(PublishedTests).Assembly.GetManifestResourceStream("published-openapi-0.3.0.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
