using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Server;

/// <summary>The part of the contract that is about sessions and clones.</summary>
internal sealed class SessionsOfServer
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, SessionSummary> _sessions = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _byKey = [];
    private string _faults = """{"faults":[]}""";
    private int _made;

    public SessionsOfServer(WebApplication app)
    {
        app.MapGet("/api/clones", () => TypedResults.Json(Catalogue, ContractsJson.Default.CloneCatalogue));
        app.MapGet("/api/clones/{id}/tools", (string id) => TypedResults.Json(new CloneToolList([new($"{id}-list", "GET", "/items")]), ContractsJson.Default.CloneToolList));
        app.MapPost("/api/sessions/{id}/reset", (string id) => TypedResults.Json(_sessions[id], ContractsJson.Default.SessionSummary));
        app.MapPost("/api/sessions/{id}/clones/{clone}/seed", SeedAsync);
        app.MapPut("/api/sessions/{id}/clones/{clone}/faults", (HttpContext http) => FaultsAsync(http));
        app.MapGet("/api/sessions/{id}/clones/{clone}/faults", (HttpContext http) => FaultsAsync(http));
        app.MapGet("/api/sessions/{id}/events", (string id, HttpContext http) => EventsAsync(id, http));
        app.MapGet("/api/workspaces/{workspace}/events", (HttpContext http) => EventsAsync("ses-9", http));
        app.MapPost("/api/sessions", (Delegate)CreateAsync);
        app.MapGet("/api/sessions", List);
        app.MapGet("/api/sessions/{id}", (string id) => TypedResults.Json(_sessions[id], ContractsJson.Default.SessionSummary));
        app.MapGet("/api/sessions/{id}/liveness", Liveness);
        app.MapPost("/api/sessions/{id}/renew", (string id) => TypedResults.Json(_sessions[id], ContractsJson.Default.SessionSummary));
        app.MapDelete("/api/sessions/{id}", StopAsync);
    }

    /// <summary>How many sessions a page of the list holds.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Sessions fail when they are started, with this as the reason.</summary>
    public string? StartFailure { get; set; }

    /// <summary>Seeding a clone is refused, with this as the message.</summary>
    public string? SeedFailure { get; set; }

    /// <summary>Waited for before a session is made.</summary>
    public Func<Task> BeforeStart { get; set; } = () => Task.CompletedTask;

    /// <summary>Waited for before a session is stopped.</summary>
    public Func<Task> BeforeStop { get; set; } = () => Task.CompletedTask;

    /// <summary>How many answers to starts are lost after the session was made.</summary>
    public int AnswersToLose { get; set; }

    /// <summary>The Idempotency-Key of each start, as it came.</summary>
    public ConcurrentQueue<string> Keys { get; } = [];

    public CreateSessionRequest LastRequest { get; private set; } = new();

    public SessionSummary Only => _sessions.Values.Single();

    public bool AllEnded => _sessions.Values.All(session => session.Status == "ended");

    private static CloneCatalogue Catalogue { get; } = new(
    [
        new("github", "GitHub", "Repositories and issues.", [new("empty", "Nothing."), new("small-project", "One repository.")]),
        new("slack", "Slack", "Channels and messages.", [new("empty", "Nothing.")]),
    ]);

    private async Task<JsonHttpResult<SessionSummary>> CreateAsync(HttpContext http)
    {
        await BeforeStart();
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        Keys.Enqueue(key);
        if (key.Length > 0 && _byKey.TryGetValue(key, out var earlier))
        {
            return TypedResults.Json(_sessions[earlier], ContractsJson.Default.SessionSummary);
        }

        LastRequest = JsonSerializer.Deserialize(((Call)http.Items[typeof(Call)]!).Body, ContractsJson.Default.CreateSessionRequest)!;
        var id = $"ses-{Interlocked.Increment(ref _made)}";
        var now = TimeProvider.System.GetUtcNow();
        var session = new SessionSummary
        {
            SessionId = id,
            Status = StartFailure is null ? "running" : "failed",
            LastError = StartFailure,
            CloneIds = LastRequest.Clones!,
            Endpoints = Urls(id, ""),
            ApiBaseUrls = Urls(id, "/api"),
            Mcp = Urls(id, "/mcp"),
            ResolvedSeeds = LastRequest.Seeds ?? new Dictionary<string, string>(),
            RuntimeProvider = "worker",
            CreatedAt = now,
            ExpiresAt = now + Idle,
            WorkspaceId = ContractServer.WorkspaceId,
            CreatedBy = "user-1",
            Name = LastRequest.Name,
            Labels = LastRequest.Labels,
            TtlSeconds = LastRequest.TtlSeconds,
        };
        _sessions[id] = session;
        _byKey[key] = id;
        if (AnswersToLose-- > 0)
        {
            http.Abort();
        }

        return TypedResults.Json(session, ContractsJson.Default.SessionSummary);
    }

    private async Task FaultsAsync(HttpContext http)
    {
        _faults = http.Request.Method == "PUT" ? ((Call)http.Items[typeof(Call)]!).Body : _faults;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(_faults);
    }

    private static async Task EventsAsync(string id, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(
            "retry: 2000\n\n: nothing new\n\nid: 4\nevent: running\ndata: {\"sessionId\":\"" + id + "\",\"type\":\"running\",\"at\":\"2026-01-01T12:00:00Z\"}\n\n"
            + "id: 7\nevent: failed\ndata: {\"sessionId\":\"" + id + "\",\"type\":\"failed\",\"at\":\"2026-01-01T12:00:01Z\",\"cause\":\"worker_lost\",\"lastError\":\"It was lost.\"}\n\n");
    }

    private async Task SeedAsync(string id, HttpContext http)
    {
        if (SeedFailure is { } failure)
        {
            await ContractServer.RefuseAsync(http, 400, "request_invalid", failure);
            return;
        }

        await http.Response.WriteAsJsonAsync(_sessions[id], ContractsJson.Default.SessionSummary);
    }

    private JsonHttpResult<SessionList> List(int limit, string? cursor)
    {
        var first = cursor is null ? 0 : int.Parse(cursor, null);
        var size = Math.Min(limit, PageSize);
        var all = _sessions.Values.OrderByDescending(session => session.CreatedAt).ToArray();
        var next = first + size < all.Length ? $"{first + size}" : null;
        return TypedResults.Json(new SessionList([.. all.Skip(first).Take(size)], next), ContractsJson.Default.SessionList);
    }

    private JsonHttpResult<SessionLiveness> Liveness(string id)
    {
        var session = _sessions[id];
        var liveness = new SessionLiveness
        {
            SessionId = session.SessionId,
            Status = session.Status,
            Alive = true,
            AliveUntil = session.ExpiresAt,
            Because = "idle",
            IdleAt = session.ExpiresAt,
            EndAt = session.CreatedAt + TimeSpan.FromDays(1),
            LastUsedAt = session.CreatedAt,
            RequestsLeft = 17,
        };
        return TypedResults.Json(liveness, ContractsJson.Default.SessionLiveness);
    }

    private async Task StopAsync(string id, HttpContext http)
    {
        await BeforeStop();
        if (!_sessions.TryGetValue(id, out var session))
        {
            await ContractServer.RefuseAsync(http, 404, "session_not_found", $"There is no session {id}.");
            return;
        }

        _sessions[id] = session with { Status = "ended" };
        http.Response.Headers["x-archal-revocation"] = "acknowledged=3, waited=1, ms=5021";
        http.Response.StatusCode = 204;
    }

    private Dictionary<string, string> Urls(string id, string tail) =>
        LastRequest.Clones!.ToDictionary(clone => clone, clone => $"http://gateway.example/runtime/{id}/{clone}{tail}");
}
