using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Sessions;

/// <summary>The management API as the owner calls it, answer by answer.</summary>
internal static class SessionCalls
{
    public static Task<JsonElement> CreateAsync(this StandaloneProcess program, object body) =>
        program.CallAsync(HttpMethod.Post, "/api/sessions", program.OwnerToken, body);

    public static Task<JsonElement> SessionAsync(this StandaloneProcess program, string id) =>
        program.CallAsync(HttpMethod.Get, $"/api/sessions/{id}", program.OwnerToken);

    public static Task<JsonElement> LivenessAsync(this StandaloneProcess program, string id) =>
        program.CallAsync(HttpMethod.Get, $"/api/sessions/{id}/liveness", program.OwnerToken);

    public static async Task<IReadOnlyList<string>> ListAsync(this StandaloneProcess program, string query) =>
        Ids(await program.CallAsync(HttpMethod.Get, $"/api/sessions?{query}", program.OwnerToken));

    public static IReadOnlyList<string> Ids(JsonElement list) => [.. list.GetProperty("sessions").EnumerateArray().Select(Id)];

    public static string Id(this JsonElement session) => session.Text("sessionId");

    public static string Text(this JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new InvalidOperationException($"{name} is null.");

    public static DateTimeOffset Time(this JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();

    /// <summary>Status and code of a call that is refused; the code is in the header and in the body.</summary>
    public static async Task<(int Status, string Code, string Message)> RefusedAsync(
        this StandaloneProcess program, HttpMethod method, string path, HttpContent? body = null)
    {
        using var client = program.Client(program.OwnerToken);
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.False(answer.IsSuccessStatusCode, text);
        var envelope = JsonDocument.Parse(text).RootElement;
        Assert.Equal(answer.Headers.GetValues("x-route-error").Single(), envelope.Text("code"));
        return ((int)answer.StatusCode, envelope.Text("code"), envelope.Text("message"));
    }

    public static HttpContent Json(string text) =>
        new StringContent(text, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
}
