using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Durability;

/// <summary>
/// Clients that write without a pause and keep what was acknowledged to them. What was under way when the program died may be either way.
/// </summary>
internal sealed class Clients(string session)
{
    private int _acknowledged;
    private int _next;

    /// <summary>Session id → whether it was stopped; null: its stopping was not acknowledged.</summary>
    public ConcurrentDictionary<string, bool?> Sessions { get; } = new();

    /// <summary>Key → whether it was revoked; null: its revocation was not acknowledged.</summary>
    public ConcurrentDictionary<Key, bool?> Keys { get; } = new();

    /// <summary>The titles of issues in the clone of the one session.</summary>
    public ConcurrentDictionary<string, bool> Issues { get; } = new();

    /// <summary>Writes until the program is gone, and calls for its end after so many acknowledgements.</summary>
    public async Task WriteAsync(StandaloneProcess program, int acknowledgements, Action end)
    {
        using var client = program.Client(program.OwnerToken);
        var goal = Volatile.Read(ref _acknowledged) + acknowledgements;
        void Acknowledged()
        {
            if (Interlocked.Increment(ref _acknowledged) == goal)
            {
                end();
            }
        }

        await Task.WhenAll(
            UntilGoneAsync(() => SessionAsync(client, Acknowledged)), UntilGoneAsync(() => SessionAsync(client, Acknowledged)),
            UntilGoneAsync(() => KeyAsync(client, Acknowledged)), UntilGoneAsync(() => KeyAsync(client, Acknowledged)),
            UntilGoneAsync(() => IssueAsync(client, Acknowledged)), UntilGoneAsync(() => IssueAsync(client, Acknowledged)));
    }

    /// <summary>Everything that was acknowledged is there.</summary>
    public async Task CheckAsync(StandaloneProcess program)
    {
        using var client = program.Client(program.OwnerToken);
        var listed = await ListAsync(client);
        foreach (var (id, stopped) in Sessions)
        {
            var status = listed.GetValueOrDefault(id);
            Assert.True(stopped is { } known ? status == (known ? "ended" : "running")
                : status is "ended" or "running", $"{id}: {status}, stopped: {stopped}");
        }

        foreach (var (key, revoked) in Keys)
        {
            using var asKey = program.Client(key.Secret);
            using var answer = await asKey.GetAsync("/api/workspaces");
            Assert.True(
                revoked is { } known ? answer.StatusCode == (known ? HttpStatusCode.Unauthorized : HttpStatusCode.OK)
                    : answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.OK,
                $"{key.Id}: {answer.StatusCode}, revoked: {revoked}");
        }

        await CheckIssuesAsync(client);
    }

    /// <summary>Session id → status, page by page.</summary>
    public static async Task<Dictionary<string, string>> ListAsync(HttpClient client)
    {
        var listed = new Dictionary<string, string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/sessions?status=all&limit=200{cursor}");
            foreach (var session in page.GetProperty("sessions").EnumerateArray())
            {
                listed.Add(session.GetProperty("sessionId").GetString()!, session.GetProperty("status").GetString()!);
            }

            cursor = page.TryGetProperty("nextCursor", out var next) && next.GetString() is { } more ? $"&cursor={more}" : null;
        }

        return listed;
    }

    private static async Task UntilGoneAsync(Func<Task> step)
    {
        try
        {
            while (true)
            {
                await step();
            }
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }
        catch (IOException)
        {
            // Within an answer.
        }
    }

    private async Task SessionAsync(HttpClient client, Action acknowledged)
    {
        using var made = await client.PostAsJsonAsync("/api/sessions", new { clones = new[] { "github" } });
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, "running"), (made.StatusCode, answer.GetProperty("status").GetString()));
        var id = answer.GetProperty("sessionId").GetString()!;
        Sessions[id] = false;
        acknowledged();
        if (Interlocked.Increment(ref _next) % 2 == 0)
        {
            Sessions[id] = null;
            using var stopped = await client.DeleteAsync($"/api/sessions/{id}");
            Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
            Sessions[id] = true;
            acknowledged();
        }
    }

    private async Task KeyAsync(HttpClient client, Action acknowledged)
    {
        using var made = await client.PostAsJsonAsync($"/api/workspaces/{Tenant.Workspace}/api-keys", new { label = "of a test" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        var key = new Key(answer.GetProperty("id").GetString()!, answer.GetProperty("secret").GetString()!);
        Keys[key] = false;
        acknowledged();

        // Used first, so that a gateway holds it: revoking has somebody to tell.
        using var use = new HttpRequestMessage(HttpMethod.Get, "/api/workspaces")
        {
            Headers = { Authorization = new("Bearer", key.Secret) },
        };
        using var used = await client.SendAsync(use);
        Assert.Equal(HttpStatusCode.OK, used.StatusCode);
        if (Interlocked.Increment(ref _next) % 2 == 0)
        {
            Keys[key] = null;
            using var revoked = await client.DeleteAsync($"/api/workspaces/{Tenant.Workspace}/api-keys/{key.Id}");
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
            Keys[key] = true;
            acknowledged();
        }
    }

    private async Task IssueAsync(HttpClient client, Action acknowledged)
    {
        var title = $"Issue {Interlocked.Increment(ref _next)}";
        using var made = await client.PostAsJsonAsync($"/runtime/{session}/github/api/repos/octocat/written/issues", new { title });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Issues[title] = true;
        acknowledged();
    }

    private async Task CheckIssuesAsync(HttpClient client)
    {
        var titles = new List<string>();
        for (var page = 1; ; page++)
        {
            var issues = await client.GetFromJsonAsync<JsonElement>(
                $"/runtime/{session}/github/api/repos/octocat/written/issues?state=all&per_page=100&page={page}");
            if (issues.GetArrayLength() == 0)
            {
                break;
            }

            titles.AddRange(issues.EnumerateArray().Select(issue => issue.GetProperty("title").GetString()!));
        }

        Assert.Equal(titles.Count, titles.Distinct().Count());
        Assert.Empty(Issues.Keys.Except(titles));
    }
}
