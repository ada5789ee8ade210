using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Wire;

namespace ControlPlane.Running;

/// <summary>What a user of the running program does over and over: keys, sessions, and a request of which every byte is seen.</summary>
internal static class Tenant
{
    public const string Workspace = "ws-default";

    /// <summary>Makes a key; its secret is in this answer alone.</summary>
    public static async Task<Key> CreateKeyAsync(this StandaloneProcess program, params string[] scopes)
    {
        var made = await program.CallAsync(HttpMethod.Post, $"/api/workspaces/{Workspace}/api-keys", program.OwnerToken, new
        {
            label = "of a test", scopes = scopes is [] ? ["sessions:read", "sessions:write", "workspaces:read"] : scopes,
        });
        return new Key(made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    /// <summary>Revokes a key; true everywhere when this returns.</summary>
    public static async Task<HttpResponseMessage> RevokeAsync(this StandaloneProcess program, string keyId) =>
        await program.DeleteAsync($"/api/workspaces/{Workspace}/api-keys/{keyId}");

    /// <summary>Starts a session with a GitHub clone.</summary>
    public static async Task<string> StartSessionAsync(this StandaloneProcess program, string seed = "small-project", int? rateLimit = null)
    {
        var made = await program.CallAsync(HttpMethod.Post, "/api/sessions", program.OwnerToken, new
        {
            clones = new[] { "github" }, seeds = new Dictionary<string, string> { ["github"] = seed }, rateLimit,
        });
        return made.GetProperty("sessionId").GetString()!;
    }

    /// <summary>Takes something away, as the owner.</summary>
    public static async Task<HttpResponseMessage> DeleteAsync(this StandaloneProcess program, string path)
    {
        using var client = program.Client(program.OwnerToken);
        return (await client.DeleteAsync(path)).EnsureSuccessStatusCode();
    }

    /// <summary>A call that succeeds, and what it answers.</summary>
    public static async Task<JsonElement> CallAsync(this StandaloneProcess program, HttpMethod method, string path, string token, object? body = null)
    {
        using var client = program.Client();
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A connection to the program, on which bytes go out as they are.</summary>
    public static Task<RawConnection> ConnectAsync(this StandaloneProcess program) => RawConnection.ConnectAsync(program.Url.Port);

    /// <summary>Sends bytes as they are on a connection of their own; null when it is closed without an answer.</summary>
    public static async Task<Received?> SendRawAsync(this StandaloneProcess program, string message)
    {
        await using var wire = await program.ConnectAsync();
        await wire.SendAsync(message);
        return await wire.ReadAnswerAsync(ofHead: message.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    /// <summary>The next answer on a connection; null when it is closed or reset instead.</summary>
    public static async Task<Received?> ReadAnswerAsync(this RawConnection wire, bool ofHead = false)
    {
        try
        {
            return await wire.ReadHeadAsync() is { } head ? new Received(head, ofHead ? [] : await wire.ReadBodyAsync(head)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>A workspace's key as its maker gets it.</summary>
internal sealed record Key(string Id, string Secret);
