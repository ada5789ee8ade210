using System.Net;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Hosting;

/// <summary>A caller of the API, over a real socket, with nothing of ours between.</summary>
internal sealed class TestCaller(Uri address, string? token)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly List<(string Name, string Value)> _headers = [];

    public TestCaller With(string header, string value)
    {
        _headers.Add((header, value));
        return this;
    }

    public Task<Answer> GetAsync(string target) => SendAsync("GET", target);

    public Task<Answer> DeleteAsync(string target) => SendAsync("DELETE", target);

    public Task<Answer> PostAsync(string target, string? json = null) => SendAsync("POST", target, json);

    public async Task<Answer> SendAsync(string method, string target, string? json = null)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(method, target, content);
    }

    /// <summary>Asks, and goes away when the token says so.</summary>
    public Task<Answer> SendAsync(string method, string target, CancellationToken goes) => SendAsync(method, target, (HttpContent?)null, goes);

    public async Task<Answer> SendAsync(string method, string target, HttpContent? content, CancellationToken goes = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, target)) { Content = content };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request, goes);
        var text = await response.Content.ReadAsStringAsync(goes);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(row => row.Key, row => string.Join(", ", row.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, headers, text);
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Code, IReadOnlyDictionary<string, string> Headers, string Text)
{
    private JsonElement? _json;

    public int Status => (int)Code;

    public JsonElement Json => _json ??= JsonDocument.Parse(Text).RootElement;

    public JsonElement this[string property] => Json.GetProperty(property);

    public string String(string property) => Json.GetProperty(property).GetString()!;

    /// <summary>The answer, which must have this status.</summary>
    public Answer Must(int status)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Text}");
        return this;
    }

    /// <summary>The answer, which must be a whole envelope with this status and code.</summary>
    public Answer MustRefuse(int status, string code)
    {
        Must(status);
        Assert.Equal(code, String("code"));
        Assert.Equal(code, Headers["x-route-error"]);
        Assert.StartsWith("application/json", Headers["Content-Type"], StringComparison.Ordinal);
        Assert.NotEmpty(Headers["x-archal-request-id"]);
        Assert.NotEmpty(String("error"));
        Assert.NotEmpty(String("message"));
        Assert.True(code is not ("quota_exceeded" or "too_many_requests" or "control_plane_unavailable") || Headers.ContainsKey("Retry-After"), $"{code} without Retry-After");
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", Text, StringComparison.Ordinal);
        return this;
    }
}
