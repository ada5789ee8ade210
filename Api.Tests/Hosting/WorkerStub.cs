using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Hosting;

/// <summary>A worker's control port on a real socket: it starts whatever it is told to, unless a test says otherwise.</summary>
internal sealed class WorkerStub : IAsyncDisposable
{
    public const string Secret = "the worker's own";

    private readonly WebApplication _app;

    private WorkerStub(WebApplication app) => _app = app;

    /// <summary>The placements it holds.</summary>
    public ConcurrentDictionary<string, PlacementStart> Placements { get; } = new();

    /// <summary>The state that was put last; <c>{}</c> before.</summary>
    public byte[] State { get; private set; } = "{}"u8.ToArray();

    /// <summary>Gives another state in the place of <see cref="State"/>.</summary>
    public Func<HttpContext, Task>? GiveState { get; set; }

    /// <summary>The faults that were put last.</summary>
    public byte[] Faults { get; private set; } = [];

    /// <summary>Every request as "METHOD target".</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Answers a start or stop in its place when it gives a status.</summary>
    public Func<HttpRequest, (int Status, string Message)?> Refuse { get; set; } = _ => null;

    /// <summary>What it answers when it is asked how it is.</summary>
    public Func<HttpStatusCode> StatusCode { get; set; } = () => HttpStatusCode.OK;

    public int Capacity { get; set; } = 1_000;

    public WorkerAddress Address => new(new Uri(_app.Urls.First()), new Uri("http://127.0.0.1:9"), Secret);

    public static async Task<WorkerStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // As a worker's control port takes.
        builder.WebHost.ConfigureKestrel(static server => server.Limits.MaxRequestBodySize = 32 * 1024 * 1024);
        var stub = new WorkerStub(builder.Build());
        stub._app.Run(stub.AnswerAsync);
        await stub._app.StartAsync();
        return stub;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Seen.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
        if (http.Request.Headers.Authorization != $"Bearer {Secret}")
        {
            http.Response.StatusCode = 401;
            return;
        }

        if (http.Request.Path == "/status")
        {
            http.Response.StatusCode = (int)StatusCode();
            await http.Response.WriteAsJsonAsync(Status(), ContractsJson.Default.WorkerStatus);
            return;
        }

        if (Refuse(http.Request) is var (status, message))
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsJsonAsync(new ErrorEnvelope(message, "refused", message), ContractsJson.Default.ErrorEnvelope);
            return;
        }

        var session = http.Request.Path.Value!["/placements/".Length..];
        if (session.EndsWith("/faults", StringComparison.Ordinal))
        {
            await FaultsAsync(http);
            return;
        }

        if (session.EndsWith("/state", StringComparison.Ordinal))
        {
            await StateAsync(http);
            return;
        }

        if (http.Request.Method == "PUT")
        {
            var start = (await JsonSerializer.DeserializeAsync(http.Request.Body, ContractsJson.Default.PlacementStart))!;
            Placements[session] = start;
            await http.Response.WriteAsJsonAsync(new PlacementStarted(start.Epoch, start.Clones), ContractsJson.Default.PlacementStarted);
            return;
        }

        Placements.TryRemove(session, out _);
        http.Response.StatusCode = 204;
    }

    private async Task FaultsAsync(HttpContext http)
    {
        if (http.Request.Method == "GET")
        {
            await http.Response.Body.WriteAsync(Faults);
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Faults = body.ToArray();
        http.Response.StatusCode = 204;
    }

    private async Task StateAsync(HttpContext http)
    {
        if (http.Request.Method == "GET")
        {
            await (GiveState?.Invoke(http) ?? http.Response.Body.WriteAsync(State).AsTask());
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        State = body.Length == 0 ? State : body.ToArray();
        http.Response.StatusCode = 204;
    }

    private WorkerStatus Status() => new("worker-1", Capacity, [.. Placements.Select(row => new PlacementInfo(row.Key, row.Value.Epoch))],
    [
        new CatalogueClone("github", "GitHub", "Issues and repositories", [new CatalogueSeed("empty", "Nothing"), new CatalogueSeed("small-project", "A little")], [new CloneTool("list-issues", "GET", "/issues")]),
        new CatalogueClone("slack", "Slack", "Channels", [new CatalogueSeed("empty", "Nothing")]),
    ]);
}
