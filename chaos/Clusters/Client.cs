using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Histories;
using ControlPlane.Loads;

namespace ControlPlane.Clusters;

/// <summary>A client of one gateway, which writes down what it asks and what it is told.</summary>
public sealed class Client(Uri gateway, string token, History history) : IDisposable
{
    private const string RetryAfterMissing = "retry_after_missing";

    private static readonly string[] Clones = ["github"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, MaxConnectionsPerServer = 256 })
    {
        BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly string _name = gateway.Authority;

    public Uri Gateway => gateway;

    /// <summary>The id of a new session; null when it was not made.</summary>
    public async Task<string?> StartAsync()
    {
        var invoked = History.Now;
        var (verdict, body) = await SendAsync(HttpMethod.Post, "/api/sessions", new { clones = Clones });
        var id = body?.GetProperty("sessionId").GetString();
        history.Add(new Operation(OperationKind.Start, "", id ?? "", _name, invoked, History.Now, verdict));
        return id;
    }

    /// <summary>A new key; null when it was not made.</summary>
    /// <param name="expiresIn">One whose maker is never told of it goes by itself then, and takes no room.</param>
    public async Task<(string Id, string Secret)?> MakeKeyAsync(TimeSpan? expiresIn = null)
    {
        var invoked = History.Now;
        var (verdict, body) = await SendAsync(HttpMethod.Post, "/api/workspaces/ws-default/api-keys", new { label = "chaos", expiresInSeconds = (int?)expiresIn?.TotalSeconds });
        var key = body is { } made ? (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!) : ((string, string)?)null;
        history.Add(new Operation(OperationKind.Make, key?.Item1 ?? "", "", _name, invoked, History.Now, verdict));
        return key;
    }

    /// <summary>The verdict: whether the revocation was acknowledged.</summary>
    public async Task<string> RevokeAsync(string key)
    {
        var invoked = History.Now;
        var (verdict, _) = await SendAsync(HttpMethod.Delete, $"/api/workspaces/ws-default/api-keys/{key}", null);
        history.Add(new Operation(OperationKind.Revoke, key, "", _name, invoked, History.Now, verdict));
        return verdict;
    }

    /// <summary>The verdict: whether the stop was acknowledged.</summary>
    public async Task<string> StopAsync(string session)
    {
        var invoked = History.Now;
        var (verdict, _) = await SendAsync(HttpMethod.Delete, $"/api/sessions/{session}", null);
        history.Add(new Operation(OperationKind.Stop, "", session, _name, invoked, History.Now, verdict));
        return verdict;
    }

    /// <summary>One request for the clone; its verdict.</summary>
    public Task<string> RequestAsync(string session, string key, string secret, OperationKind kind = OperationKind.Request) =>
        SendAsync(HttpMethod.Get, "user", null, session, key, secret, kind);

    /// <summary>One that is so long on its way; the clone takes it for a repository without a name, and says so.</summary>
    public Task<string> UploadAsync(string session, string key, string secret, TimeSpan length) =>
        SendAsync(HttpMethod.Post, "user/repos", new SlowUpload(length), session, key, secret, OperationKind.Stream);

    public void Dispose() => _http.Dispose();

    private async Task<string> SendAsync(HttpMethod method, string path, HttpContent? content, string session, string key, string secret, OperationKind kind)
    {
        var invoked = History.Now;
        using var request = new HttpRequestMessage(method, $"/runtime/{session}/github/api/{path}") { Content = content };
        request.Headers.Add("x-route-authorization", $"Bearer {secret}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a-caller-of-the-clone");
        var verdict = await VerdictAsync(request, content is null ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity);
        history.Add(new Operation(kind, key, session, _name, invoked, History.Now, verdict));
        return verdict;
    }

    private async Task<string> VerdictAsync(HttpRequestMessage request, HttpStatusCode clones)
    {
        try
        {
            using var answer = await _http.SendAsync(request);
            return Code(answer, clones);
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            return Operation.Lost;
        }
    }

    private async Task<(string Verdict, JsonElement? Body)> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await _http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? (Operation.Ok, text.Length > 0 ? JsonDocument.Parse(text).RootElement : null)
                : IsMute(answer) ? (RetryAfterMissing, null)
                : (JsonDocument.Parse(text).RootElement.GetProperty("code").GetString() ?? "unknown", null);
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or JsonException or KeyNotFoundException)
        {
            return (Operation.Lost, null);
        }
    }

    /// <summary>
    /// What the gateway says has a header that no clone can send. The clone answers with one status and no other: what is neither came from something in
    /// between, or from a worker that does not have the session.
    /// </summary>
    private static string Code(HttpResponseMessage answer, HttpStatusCode clones) =>
        IsMute(answer) ? RetryAfterMissing
        : answer.Headers.TryGetValues("x-route-error", out var codes) ? codes.First()
        : answer.StatusCode == clones ? Operation.Ok
        : string.Create(CultureInfo.InvariantCulture, $"status_{(int)answer.StatusCode}");

    /// <summary>A 503 has to say when to come again.</summary>
    private static bool IsMute(HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is null;
}
