using ControlPlane.Errors;
using ControlPlane.Hosting;

namespace ControlPlane.Workers;

/// <summary>The pool alone: who is there, who is given sessions, who is lost.</summary>
public sealed class WorkerPoolTests : IDisposable
{
    private static readonly TimeSpan Silent = new WorkerPoolOptions().SilentAfter;
    private static readonly TimeSpan Lost = new WorkerPoolOptions().ReturnWithin;

    private readonly VirtualTime _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly MemoryStorage _storage = new();
    private readonly WorkerPool _pool;
    private readonly Task _running;

    public WorkerPoolTests()
    {
        _pool = NewPool();
        _running = _pool.RunAsync(_stopping.Token);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    [Fact]
    public async Task A_session_goes_where_there_is_most_room_counted_before_the_next_heartbeat()
    {
        await RegisterAsync(new FakeWorker("small", 2), new FakeWorker("large", 3));

        var placed = new List<string?>();
        for (var i = 0; i < 6; i++)
        {
            placed.Add(await PlaceAsync());
        }

        Assert.Equal("large", placed[0]);
        Assert.Equal(3, placed.Count(worker => worker == "large"));
        Assert.Equal(2, placed.Count(worker => worker == "small"));
        Assert.Null(placed[5]);
    }

    [Fact]
    public async Task A_heartbeat_says_anew_how_much_room_there_is()
    {
        var worker = new FakeWorker("w1", 1);
        await RegisterAsync(worker);
        Assert.Equal("w1", await PlaceAsync());
        Assert.Null(await PlaceAsync());

        Assert.True(await _pool.BeatAsync(worker.Beat));

        Assert.Equal("w1", await PlaceAsync());
    }

    [Fact]
    public async Task A_worker_that_does_not_offer_a_clone_is_not_given_it()
    {
        await RegisterAsync(new FakeWorker("w1", 9));

        Assert.Equal("w1", await _pool.PlaceAsync(["github", "slack"]));
        await _time.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Null(await _pool.PlaceAsync(["github", "teapot"]));
    }

    [Fact]
    public async Task A_draining_worker_is_given_nothing_and_is_still_found()
    {
        await RegisterAsync(new FakeWorker("w1", 9) { Draining = true });

        Assert.Null(await PlaceAsync());
        Assert.NotNull((await _pool.LocateAsync("w1")).Data);
    }

    [Fact]
    public async Task A_worker_that_has_said_it_is_full_is_passed_over()
    {
        await RegisterAsync(new FakeWorker("full", 9), new FakeWorker("free", 2));

        Assert.Equal("free", await _pool.PlaceAsync(["github"], notOn: "full"));
    }

    [Fact]
    public async Task A_silent_worker_is_given_nothing_and_is_expected_back_until_it_is_lost()
    {
        var worker = new FakeWorker("w1", 9);
        await RegisterAsync(worker);

        await _time.PassAsync(Silent);
        Assert.Equal((null, WorkerSighting.Silent), (await PlaceAsync(), await _pool.LocateAsync("w1")));
        Assert.Single(await _pool.CatalogueAsync(), offer => offer.Id == "github");

        await _time.PassAsync(Lost - Silent - TimeSpan.FromSeconds(1));
        Assert.Equal(WorkerSighting.Silent, await _pool.LocateAsync("w1"));
        Assert.True(await _pool.BeatAsync(worker.Beat));
        Assert.Equal("w1", await PlaceAsync());

        await _time.PassAsync(Lost + TimeSpan.FromSeconds(2));
        Assert.Equal(WorkerSighting.Lost, await _pool.LocateAsync("w1"));
        Assert.Empty(await _pool.CatalogueAsync());
    }

    [Fact]
    public async Task A_lost_worker_has_to_register_and_is_as_good_as_new()
    {
        var worker = new FakeWorker("w1", 9);
        await RegisterAsync(worker);
        await _time.PassAsync(Lost + TimeSpan.FromSeconds(2));

        Assert.False(await _pool.BeatAsync(worker.Beat));
        await RegisterAsync(worker);

        Assert.Equal("w1", await PlaceAsync());
    }

    [Fact]
    public async Task A_pool_that_was_frozen_itself_takes_nobody_for_lost()
    {
        await RegisterAsync(new FakeWorker("w1", 9));
        await _time.PassAsync(TimeSpan.FromSeconds(1));

        _time.Freeze(TimeSpan.FromHours(1));
        await _time.PassAsync(TimeSpan.FromSeconds(5));

        Assert.False((await _pool.LocateAsync("w1")).IsLost);
    }

    [Fact]
    public async Task A_worker_that_never_registered_is_lost_once_it_has_been_listened_for_as_long()
    {
        Assert.Equal(WorkerSighting.Unknown, await _pool.LocateAsync("w1"));

        await _time.PassAsync(Lost);

        Assert.Equal(WorkerSighting.Lost, await _pool.LocateAsync("w1"));
        Assert.False(await _pool.BeatAsync(new FakeWorker("w1", 9).Beat));
        Assert.Null(await _pool.ReachAsync("w1"));
    }

    [Fact]
    public async Task A_pool_that_has_just_begun_waits_for_workers_and_does_not_say_that_there_is_nobody()
    {
        var (placing, listing) = (PlaceAsync(), _pool.CatalogueAsync());
        await _time.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, (await Assert.ThrowsAsync<ControlPlaneException>(() => placing)).Code);
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, (await Assert.ThrowsAsync<ControlPlaneException>(() => listing)).Code);

        (placing, listing) = (PlaceAsync(), _pool.CatalogueAsync());
        await _time.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Null(await placing);
        Assert.Empty(await listing);
    }

    [Fact]
    public async Task Whoever_asks_before_a_worker_has_registered_is_answered_when_it_has()
    {
        var (placing, listing) = (PlaceAsync(), _pool.CatalogueAsync());
        Assert.False(placing.IsCompleted || listing.IsCompleted);

        await RegisterAsync(new FakeWorker("w1", 9));

        Assert.Equal("w1", await placing);
        Assert.Single(await listing, offer => offer.Id == "github");
    }

    [Fact]
    public async Task A_worker_that_the_operator_drains_is_counted_as_draining_until_that_is_taken_back()
    {
        await RegisterAsync(new FakeWorker("w1", 9));
        Assert.Equal(["ready"], _pool.States());

        await _pool.DrainAsync("w1", drained: true);
        Assert.Equal(["draining"], _pool.States());

        await _pool.DrainAsync("w1", drained: false);
        Assert.Equal(["ready"], _pool.States());
    }

    [Fact]
    public async Task A_pool_that_begins_anew_counts_a_drained_worker_as_that_before_anybody_asks_it_for_a_place()
    {
        await RegisterAsync(new FakeWorker("w1", 9));
        await _pool.DrainAsync("w1", drained: true);
        await _stopping.CancelAsync();

        using var stopping = new CancellationTokenSource();
        var next = NewPool();
        var running = next.RunAsync(stopping.Token);
        await next.RegisterAsync(new FakeWorker("w1", 9).Beat);
        await _time.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(["draining"], next.States());
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_pool_is_counted_while_it_runs_and_no_longer()
    {
        Assert.Contains(_pool, PoolMeter.Pools.All);

        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);

        Assert.DoesNotContain(_pool, PoolMeter.Pools.All);
    }

    private WorkerPool NewPool() =>
        new(new FewEntities(), _time, new WorkerPoolOptions(), _storage.Store<WorkerPoolState>(new EntityKey(WorkerPoolState.Kind, "pool")));

    private Task<string?> PlaceAsync() => _pool.PlaceAsync(["github"]);

    private async Task RegisterAsync(params FakeWorker[] workers)
    {
        foreach (var worker in workers)
        {
            await _pool.RegisterAsync(worker.Beat);
        }
    }
}
