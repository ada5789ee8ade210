using System.Text.Json;
using ControlPlane.Hosting;

namespace ControlPlane.OpenApi;

/// <summary>Our own description, <c>/openapi/v1.json</c>.</summary>
public sealed class DescriptionTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    /// <summary>Not ours to describe: the description itself, and what a test has mapped.</summary>
    private static readonly string[] Undescribed = ["/openapi/v1.json", "/throws"];

    /// <summary>Whoever logs in has no credential yet.</summary>
    private static readonly string[] Anybody = ["/auth/device", "/auth/device/token"];

    [Fact]
    public async Task It_has_every_route_and_no_other()
    {
        var paths = (await host.As(null).GetAsync("/openapi/v1.json")).Must(200)["paths"];

        var described = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        var mapped = host.Routes.Where(route => !Undescribed.Contains(route.Path)).Select(route => $"{route.Method} {route.Path}");
        // The way to the clones is taken before any routing; the tests from outside hold its description.
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described
            .Where(line => !line.EndsWith("/throws", StringComparison.Ordinal) && !line.Contains(" /runtime/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_is_made_once_however_many_ask()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.As(null).GetAsync("/openapi/v1.json")));

        Assert.Single(answers.Select(answer => answer.Must(200).Text).Distinct());
        Assert.All(answers, answer => Assert.Equal("application/json; charset=utf-8", answer.Headers["Content-Type"]));
        Assert.Equal(1, host.Descriptions);
    }

    [Fact]
    public async Task It_copies_nothing_of_the_callers()
    {
        var servers = (await host.As(null).With("Host", "elsewhere.example").GetAsync("/openapi/v1.json")).Must(200)["servers"];

        Assert.Equal(host.Address.ToString().TrimEnd('/'), servers[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task It_says_what_goes_in_what_comes_out_and_who_may()
    {
        var document = (await host.As(null).GetAsync("/openapi/v1.json")).Must(200).Json;

        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(path => path.Name is not "/throws"))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                var responses = operation.Value.GetProperty("responses");
                Assert.True(responses.EnumerateObject().Any(response => response.Name[0] == '2'), name);
                Assert.True(operation.Value.TryGetProperty("operationId", out _), name);
                if (path.Name is "/auth/revoke")
                {
                    // Whoever holds the token may end it; nobody else has to be known.
                    Assert.False(operation.Value.TryGetProperty("security", out _), name);
                }
                else if (path.Name.StartsWith("/api", StringComparison.Ordinal) || path.Name.StartsWith("/auth", StringComparison.Ordinal))
                {
                    if (Anybody.Contains(path.Name))
                    {
                        Assert.False(operation.Value.TryGetProperty("security", out _), name);
                        continue;
                    }

                    Assert.True(operation.Value.GetProperty("security")[0].TryGetProperty("archalToken", out _), name);
                    Assert.EndsWith(
                        "/ErrorEnvelope", responses.GetProperty("401").GetProperty("content").GetProperty("application/json").GetProperty("schema")
                            .GetProperty("$ref").GetString(), StringComparison.Ordinal);
                }
            }
        }

        var create = document.GetProperty("paths").GetProperty("/api/sessions").GetProperty("post");
        Assert.Equal("#/components/schemas/CreateSessionRequest", Schema(create.GetProperty("requestBody")));
        Assert.Equal("#/components/schemas/SessionSummary", Schema(create.GetProperty("responses").GetProperty("200")));
        Assert.Equal(
            ["clone", "cursor", "label", "limit", "status", "x-archal-workspace-id"],
            document.GetProperty("paths").GetProperty("/api/sessions").GetProperty("get").GetProperty("parameters").EnumerateArray()
                .Select(parameter => parameter.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.True(document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("archalToken", out _));
    }

    private static string Schema(JsonElement part) => part.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!;
}
