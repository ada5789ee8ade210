using System.Net;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Workers;

/// <summary>The control plane's side of a worker's control port, over a real socket.</summary>
public sealed class WorkerClientTests : IAsyncLifetime
{
    private static readonly PlacementOrder Order =
        new("ses-1", 3, "the placement's key", new Dictionary<string, string> { ["github"] = "empty" });

    private readonly WorkerClients _clients = new();
    private WorkerStub? _worker;

    public async Task InitializeAsync() => _worker = await WorkerStub.StartAsync();

    public async Task DisposeAsync()
    {
        _clients.Dispose();
        await _worker!.DisposeAsync();
    }

    [Fact]
    public async Task A_placement_is_put_with_its_epoch_key_and_clones_and_ended_by_its_epoch()
    {
        var worker = _clients.At(_worker!.Address);

        Assert.Null(await worker.StartAsync(Order));
        var held = _worker.Placements["ses-1"];
        await worker.StopAsync("ses-1", 3);

        Assert.Equal((3, "the placement's key", "empty"), (held.Epoch, held.Key, held.Clones["github"]));
        Assert.Equal(["PUT /placements/ses-1", "DELETE /placements/ses-1?epoch=3"], _worker.Seen);
        Assert.Empty(_worker.Placements);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task What_a_worker_will_not_do_is_a_refusal_in_its_words(int status)
    {
        _worker!.Refuse = _ => (status, "Not with me.");

        var refusal = await _clients.At(_worker.Address).StartAsync(Order);

        Assert.Equal(new Refusal(ErrorCode.SessionFailed, "Not with me."), refusal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Anything_else_is_for_another_try(int status)
    {
        _worker!.Refuse = _ => (status, "Not now.");

        await Assert.ThrowsAsync<HttpRequestException>(() => _clients.At(_worker.Address).StartAsync(Order));
    }

    [Fact]
    public async Task A_wrong_secret_is_not_mistaken_for_a_refusal() => await Assert.ThrowsAsync<HttpRequestException>(
        () => _clients.At(_worker!.Address with { Secret = "somebody else's" }).StartAsync(Order));

    [Fact]
    public async Task Nobody_there_is_for_another_try() => await Assert.ThrowsAsync<HttpRequestException>(
        () => _clients.At(_worker!.Address with { Control = new Uri("http://127.0.0.1:1") }).StartAsync(Order));

    [Fact]
    public async Task Stopping_what_is_gone_is_done_and_what_broke_is_not()
    {
        var worker = _clients.At(_worker!.Address);

        _worker.Refuse = _ => (404, "Never heard of it.");
        await worker.StopAsync("ses-1", 1);
        _worker.Refuse = _ => (500, "Broken.");

        await Assert.ThrowsAsync<HttpRequestException>(() => worker.StopAsync("ses-1", 1));
    }

    [Fact]
    public async Task A_beat_tells_the_pool_where_the_worker_is_what_it_offers_and_who_it_is()
    {
        var pool = Pool();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _clients.Find("worker-1", pool).StartAsync(Order));
        _worker!.Placements["ses-9"] = new PlacementStart(1, "k", new Dictionary<string, string>());

        var status = await new WorkerHeartbeat(_clients, _worker.Address, pool, TimeProvider.System, NullLogger<WorkerHeartbeat>.Instance).BeatAsync();

        Assert.Equal("worker-1", status.WorkerId);
        Assert.Equal(_worker.Address.Data, (await pool.LocateAsync("worker-1")).Data);
        Assert.Equal(["github", "slack"], (await pool.CatalogueAsync()).Select(clone => clone.Id));
        Assert.Null(await _clients.Find("worker-1", pool).StartAsync(Order));
    }

    [Fact]
    public async Task What_a_session_has_at_a_worker_is_stopped_though_the_pool_has_just_begun_and_nothing_new_begins_there()
    {
        var (pool, anew) = (Pool(), Pool());
        await new WorkerHeartbeat(_clients, _worker!.Address, pool, TimeProvider.System, NullLogger<WorkerHeartbeat>.Instance).BeatAsync();
        Assert.Null(await _clients.Find("worker-1", pool).StartAsync(Order));

        await _clients.Find("worker-1", anew).StopAsync("ses-1", 3);

        Assert.Empty(_worker.Placements);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _clients.Find("worker-1", anew).StartAsync(Order));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _clients.Find("worker-2", anew).StopAsync("ses-1", 3));
    }

    [Fact]
    public async Task A_worker_that_is_silent_is_asked_on_and_complained_of_once()
    {
        var lines = new LogLines();
        using var loggers = new LoggerFactory([lines]);
        var pool = Pool();
        var beats = 0;
        _worker!.StatusCode = () => ++beats <= 3 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
        using var stopping = new CancellationTokenSource();
        var heartbeat = new WorkerHeartbeat(
            _clients, _worker.Address, pool, TimeProvider.System, loggers.CreateLogger<WorkerHeartbeat>());

        var running = heartbeat.RunAsync(TimeSpan.FromMilliseconds(1), stopping.Token);
        await lines.UntilAsync(line => line.StartsWith("Information", StringComparison.Ordinal));
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(_worker.Address.Data, (await pool.LocateAsync("worker-1")).Data);
        Assert.Collection(
            lines.Lines,
            line => Assert.StartsWith("Warning", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Lines, line => line.Contains(WorkerStub.Secret, StringComparison.Ordinal));
    }

    private static IWorkerPool Pool() => new LocalEntities(
        new MemoryStorage(), new LocalDoors(), TimeProvider.System, new EntityOptions(new(), new(), new()),
        _ => throw new InvalidOperationException("No worker is called.")).Workers;

    [Fact]
    public void An_address_does_not_print_its_secret() =>
        Assert.DoesNotContain(WorkerStub.Secret, _worker!.Address.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task Of_long_states_no_more_are_read_than_there_is_room_for()
    {
        var worker = _clients.At(_worker!.Address);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker.GiveState = async http =>
        {
            http.Response.ContentLength = 100 * 1024 * 1024;
            await http.Response.Body.WriteAsync("{"u8.ToArray());
            await held.Task;
        };
        using var enough = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 3).Select(_ => worker.CloneStateAsync("ses-1", 1, "github", enough.Token)).ToList();

        var first = await Task.WhenAny(reading);
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, (await first).Refusal?.Code);
        Assert.NotNull((await first).Refusal?.RetryAfter);
        Assert.All(reading.Where(task => task != first), task => Assert.False(task.IsCompleted));

        await enough.CancelAsync();
        foreach (var cut in reading.Where(task => task != first))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cut);
        }

        held.SetResult();
        _worker.GiveState = null;
        Assert.Equal("{}"u8.ToArray(), (await worker.CloneStateAsync("ses-1", 1, "github")).State);
    }
}
