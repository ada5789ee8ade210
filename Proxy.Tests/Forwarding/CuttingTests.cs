using System.Text;
using ControlPlane.Wire;

namespace ControlPlane.Forwarding;

/// <summary>What is in flight when its key is revoked or its session stopped.</summary>
public abstract class CuttingTests(bool reuse) : IAsyncLifetime
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _workerFreed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync(reuse);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_revoked_key_ends_an_answer_that_has_not_begun_with_401()
    {
        WorkerSays("");
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        await _arrived.Task.WaitAsync(RawConnection.Patience);
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((401, "credential_invalid"), (head.Status, head["x-route-error"]));
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task A_stopped_session_ends_an_answer_that_has_not_begun_with_404()
    {
        WorkerSays("");
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        await _arrived.Task.WaitAsync(RawConnection.Patience);
        await _gateway.StopSessionAsync().WaitAsync(RawConnection.Patience);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((404, "session_ended"), (head.Status, head["x-route-error"]));
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "abc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "abc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n", "data: 1\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", "")]
    public async Task An_answer_that_has_begun_is_aborted(string said, string seen)
    {
        WorkerSays(said);
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);
        while (!wire.Seen.EndsWith(seen, StringComparison.Ordinal) && !wire.Seen.EndsWith(seen + "\r\n", StringComparison.Ordinal))
        {
            await wire.ReadExactlyAsync(1);
        }

        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        await wire.ReadToEndAsync();

        Assert.DoesNotContain("0\r\n\r\n", wire.Seen, StringComparison.Ordinal);
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task No_byte_that_the_clone_sends_after_the_revocation_is_passed_on()
    {
        var revoked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nbefore\r\n");
            await revoked.Task;
            await worker.SendAsync("5\r\nafter\r\n0\r\n\r\n");
            await worker.ReadToEndAsync();
            return false;
        };
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        await wire.ReadHeadAsync();
        await wire.ReadLineAsync();
        Assert.Equal("before", Encoding.ASCII.GetString(await wire.ReadExactlyAsync(6)));
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        revoked.SetResult();
        await wire.ReadToEndAsync();

        Assert.DoesNotContain("after", wire.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_takes_nothing_cannot_hold_up_a_revocation()
    {
        _gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('x', 0x10000) + "\r\n");
            _arrived.SetResult();
            try
            {
                while (true)
                {
                    await worker.SendAsync(chunk);
                }
            }
            catch (IOException)
            {
                _workerFreed.SetResult();
            }

            return false;
        };
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        await _arrived.Task.WaitAsync(RawConnection.Patience);
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);

        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task An_upload_is_cut_too()
    {
        _gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.ReadExactlyAsync(100);
            _arrived.SetResult();
            await worker.ReadToEndAsync();
            _workerFreed.SetResult();
            return false;
        };
        await using var wire = await _gateway.OpenAsync("POST", "/api/x", "Transfer-Encoding: chunked\r\n");

        // More than the HTTP client keeps back before it sends.
        await wire.SendAsync($"10000\r\n{new string('x', 0x10000)}\r\n");
        await _arrived.Task.WaitAsync(RawConnection.Patience);
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((401, "credential_invalid"), (head.Status, head["x-route-error"]));
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task Other_requests_on_the_connection_are_not_touched_by_a_cut_of_an_earlier_one()
    {
        WorkerSays("");
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        await _arrived.Task.WaitAsync(RawConnection.Patience);
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        await wire.ReadBodyAsync((await wire.ReadHeadAsync())!);

        await wire.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);
    }

    private void WorkerSays(string said) => _gateway.Worker.Answer = async (worker, _) =>
    {
        await worker.SendAsync(said);
        _arrived.SetResult();
        await worker.ReadToEndAsync();
        _workerFreed.SetResult();
        return false;
    };
}

/// <summary>On facts in hand.</summary>
public sealed class CutsOnFactsInHand() : CuttingTests(reuse: true);

/// <summary>Asking the owners for each request.</summary>
public sealed class CutsAskingEachTime() : CuttingTests(reuse: false);
