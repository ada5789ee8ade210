using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Workers;

/// <summary>What the control plane and a gateway would send to a worker, over real sockets.</summary>
public sealed class Client(Uri data, Uri control, string secret) : IDisposable
{
    public const string BaseUrl = "http://clones.example:8080/runtime/ses-1/github";
    public const string Key = "k-of-the-first-placement";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public void Dispose() => _http.Dispose();

    public Task<HttpResponseMessage> StartAsync(
        string session = "ses-1", long epoch = 1, string key = Key, string seed = "small-project", string clone = "github") =>
        ControlAsync(HttpMethod.Put, "/placements/" + session, JsonSerializer.Serialize(
            new PlacementStart(epoch, key, new Dictionary<string, string> { [clone] = seed }), ContractsJson.Default.PlacementStart));

    public Task<HttpResponseMessage> EndAsync(string session = "ses-1", string query = "") =>
        ControlAsync(HttpMethod.Delete, "/placements/" + session + query);

    public async Task<WorkerStatus> StatusAsync()
    {
        using var answer = await ControlAsync(HttpMethod.Get, "/status");
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.WorkerStatus))!;
    }

    public async Task<HttpResponseMessage> ControlAsync(HttpMethod method, string path, string? body = null, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(control, path));
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "Bearer " + secret);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.SendAsync(request);
    }

    /// <summary>A request as a gateway forwards it; a header given as null is left out.</summary>
    public async Task<Reply> SendAsync(string method, string path, string? body = null, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(data, path));
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["x-clone-ticket"] = $"ses-1.github.1.{Key}",
            ["x-clone-base-url"] = BaseUrl,
            ["authorization"] = "Bearer any",
        };
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        foreach (var (name, value) in all.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(request);
        return new Reply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers);
    }

    public Task<Reply> GetAsync(string path, params (string Name, string? Value)[] headers) => SendAsync("GET", path, null, headers);
}

/// <summary>An answer, read to its end.</summary>
public sealed record Reply(HttpStatusCode Status, byte[] Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public int Code => (int)Status;

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>A header's value, or null.</summary>
    public string? this[string name] =>
        Headers.NonValidated.TryGetValues(name, out var values) || ContentHeaders.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>The same, which must have this status.</summary>
    public Reply MustBe(int status)
    {
        Assert.True(Code == status, $"{Code} instead of {status}: {Text}");
        return this;
    }
}
