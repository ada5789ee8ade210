using System.Text;
using ControlPlane.Hosting;
using ControlPlane.Wire;

namespace ControlPlane.Forwarding;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_clone_that_does_not_begin_to_answer_is_504()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(clock: _time);
        var (arrived, freed) = Silent(gateway);
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        await arrived.WaitAsync(RawConnection.Patience);
        _time.Advance(Limit);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((504, "clone_timeout"), (head.Status, head["x-route-error"]));
        await freed.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task An_upload_that_moves_is_not_hung_and_one_that_has_stopped_is()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(clock: _time);
        using var arrived = new SemaphoreSlim(0);

        // The HTTP client keeps some of it back until more comes; so much less is waited for.
        const int Chunk = 0x10000;
        const int KeptBack = 0x4000;
        gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.ReadExactlyAsync(Chunk - KeptBack);
            while (true)
            {
                arrived.Release();
                await worker.ReadExactlyAsync(Chunk);
            }
        };
        await using var wire = await gateway.OpenAsync("POST", "/api/x", "Transfer-Encoding: chunked\r\n");
        for (var chunk = 0; chunk < 5; chunk++)
        {
            await wire.SendAsync($"{Chunk:x}\r\n{new string('x', Chunk)}\r\n");
            Assert.True(await arrived.WaitAsync(RawConnection.Patience));
            _time.Advance(Limit * 0.9);
        }

        _time.Advance(Limit);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((504, "clone_timeout"), (head.Status, head["x-route-error"]));
    }

    [Fact]
    public async Task A_body_that_stands_still_is_cut()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(clock: _time);
        var (_, freed) = Silent(gateway, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        await wire.ReadHeadAsync();
        await wire.ReadExactlyAsync(3);
        _time.Advance(Limit);
        await wire.ReadToEndAsync();

        Assert.EndsWith("\r\n\r\nabc", wire.Seen, StringComparison.Ordinal);
        await freed.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task An_event_stream_may_stand_still_and_its_head_does_not_wait_for_the_first_event()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(clock: _time);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n");
            await worker.SendAsync("Transfer-Encoding: chunked\r\n\r\n");
            await goOn.Task;
            await worker.SendAsync("9\r\ndata: 1\n\n\r\n0\r\n\r\n");
            return true;
        };
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        var head = (await wire.ReadHeadAsync())!;
        _time.Advance(TimeSpan.FromHours(5));
        goOn.SetResult();

        Assert.Equal("data: 1\n\n", Encoding.ASCII.GetString(await wire.ReadBodyAsync(head)));
    }

    [Fact]
    public async Task A_worker_that_is_not_there_is_502()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        await gateway.Worker.DisposeAsync();
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((502, "clone_unreachable"), (head.Status, head["x-route-error"]));
        Assert.InRange(int.Parse(head["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 10);
        Assert.DoesNotContain(gateway.Worker.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Encoding.UTF8.GetString(await wire.ReadBodyAsync(head)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_worker_was_not_reached_the_next_request_asks_where_its_session_is()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Worker.Answer = static async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            return false;
        };
        Assert.Equal(204, await StatusAsync(gateway));
        await gateway.Worker.DisposeAsync();
        var granted = 0;
        gateway.Storage.BeforeWrite = entity => _ = entity.Kind == EntityKinds.Session ? Interlocked.Increment(ref granted) : 0;

        // What is in hand lets it pass, and nobody is asked. An owner that is asked saves that the session was used.
        Assert.Equal((502, 0), (await StatusAsync(gateway), granted));
        Assert.Equal((502, 1), (await StatusAsync(gateway), granted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nX: y\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")]
    public async Task A_worker_that_breaks_before_it_has_answered_is_502(string said)
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync(said);
            return false;
        };
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((502, "clone_unreachable"), (head.Status, head["x-route-error"]));
    }

    [Fact]
    public async Task A_worker_that_breaks_in_the_middle_breaks_the_answer()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Worker.Answer = static async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            return false;
        };
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        await wire.ReadToEndAsync();

        Assert.DoesNotContain("0\r\n\r\n", wire.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_goes_away_frees_the_worker()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var (arrived, freed) = Silent(gateway);
        await using (await gateway.OpenAsync("GET", "/api/x"))
        {
            await arrived.WaitAsync(RawConnection.Patience);
        }

        await freed.WaitAsync(RawConnection.Patience);
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("ControlPlane", StringComparison.Ordinal));
    }

    private static async Task<int> StatusAsync(GatewayUnderTest gateway)
    {
        await using var wire = await gateway.OpenAsync("GET", "/api/x");
        return (await wire.ReadHeadAsync())!.Status;
    }

    private static (Task Arrived, Task Freed) Silent(GatewayUnderTest gateway, string said = "")
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync(said);
            arrived.SetResult();
            await worker.ReadToEndAsync();
            freed.SetResult();
            return false;
        };
        return (arrived.Task, freed.Task);
    }
}
