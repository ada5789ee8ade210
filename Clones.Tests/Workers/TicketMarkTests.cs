using System.Net;
using System.Text.Json;
using ControlPlane.Journals;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Workers;

/// <summary>What tells a gateway that it was the worker who refused, and not the clone.</summary>
public sealed class TicketMarkTests
{
    private const string Ticket = "ses-1.github.1." + Client.Key;

    [Theory]
    [InlineData("ses-1.github.2." + Client.Key)]
    [InlineData("ses-1.github.1.wrong")]
    [InlineData("ses-2.github.1." + Client.Key)]
    public async Task A_ticket_that_opens_nothing_is_said_to_be_refused(string ticket)
    {
        await using var running = await RunningWorker.StartAsync();

        var answer = await running.Client.GetAsync("/api/user", ("x-clone-ticket", ticket));

        Assert.Equal((HttpStatusCode.Forbidden, "refused"), (answer.Status, answer["x-clone-ticket"]));
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no-ticket")]
    public async Task A_stranger_learns_nothing(string? ticket)
    {
        await using var running = await RunningWorker.StartAsync();

        var answer = await running.Client.GetAsync("/api/user", ("x-clone-ticket", ticket));

        Assert.Equal((HttpStatusCode.Forbidden, null), (answer.Status, answer["x-clone-ticket"]));
    }

    [Fact]
    public async Task A_clone_cannot_say_it_in_the_workers_place()
    {
        var answer = await AnswerOfAsync(async http =>
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.Headers["x-clone-ticket"] = "refused";
            await http.Response.WriteAsync("its own");
        });

        Assert.Equal((HttpStatusCode.Forbidden, null, "its own"), (answer.Status, answer["x-clone-ticket"], answer.Text));
    }

    [Fact]
    public async Task A_session_that_ends_while_it_is_asked_refuses_the_ticket_too()
    {
        var answer = await AnswerOfAsync(static http =>
        {
            http.Response.Headers.ETag = "left behind";
            throw new LedgerClosedException();
        });

        Assert.Equal((HttpStatusCode.Forbidden, "refused", null), (answer.Status, answer["x-clone-ticket"], answer["ETag"]));
        Assert.Empty(answer.Body);
    }

    /// <summary>What a gateway is answered by a worker whose clone answers like this.</summary>
    private static async Task<Reply> AnswerOfAsync(RequestDelegate answer)
    {
        using var directory = new TemporaryDirectory();
        using var data = DataDirectory.Open(directory.Path);
        using var disk = new Disk();
        var clones = new Dictionary<string, IClone> { ["github"] = new Scripted(answer) };
        await using var placements = new Placements(data, clones, 1, disk, TimeProvider.System);
        await placements.LoadAsync();
        await placements.StartAsync("ses-1", new PlacementStart(1, Client.Key, new Dictionary<string, string> { ["github"] = "empty" }));
        await using var listener = await Listener.StartAsync(
            "http://127.0.0.1:0", LimitOptions.For(ListenerRole.WorkerData), new DataPort(placements).AnswerAsync, NullLoggerFactory.Instance, default);
        using var client = new Client(listener.Address, listener.Address, "none");
        return await client.GetAsync("/api/user", ("x-clone-ticket", Ticket));
    }

    private sealed class Scripted(RequestDelegate answer) : IClone, ISessionClone
    {
        public CatalogueClone Catalogue => new("github", "github", "", []);

        public ISessionClone Open(string seed, string journal, Disk disk) => this;

        public Task AnswerAsync(HttpContext http, string baseUrl) => answer(http);

        public Task<byte[]> ExportAsync() => Task.FromResult<byte[]>([]);

        public Task<string?> ReplaceAsync(string? seed, JsonElement state) => Task.FromResult<string?>(null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
