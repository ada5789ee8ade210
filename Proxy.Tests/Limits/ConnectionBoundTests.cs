using ControlPlane.Wire;

namespace ControlPlane.Limits;

/// <summary>How many connections a listener has, who is turned away when it is full, and who makes room.</summary>
public sealed class ConnectionBoundTests
{
    private const string Ask = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task Whoever_holds_idle_connections_keeps_nobody_out()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:MaxConnections", "20"), ("Limits:MaxConnectionsPerAddress", "10")]);
        await using var held = await RawConnection.ConnectAsync(gateway.Port);
        Assert.True(await IsAnsweredAsync(held));
        var idle = new List<RawConnection>();
        for (var i = 0; i < 100; i++)
        {
            idle.Add(await RawConnection.ConnectAsync(gateway.Port, $"127.0.0.{2 + (i % 10)}"));
            await using var good = await RawConnection.ConnectAsync(gateway.Port);

            Assert.True(await IsAnsweredAsync(good));
        }

        Assert.True(await IsAnsweredAsync(held));
        await CloseAsync(idle);
    }

    [Fact]
    public async Task Of_two_that_are_quiet_the_one_that_never_asked_makes_room_and_then_the_one_quiet_for_longer()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:MaxConnections", "2"), ("Limits:MaxConnectionsPerAddress", "2")]);
        await using var asked = await RawConnection.ConnectAsync(gateway.Port);
        Assert.True(await IsAnsweredAsync(asked));
        await using var silent = await RawConnection.ConnectAsync(gateway.Port);

        await using var second = await RawConnection.ConnectAsync(gateway.Port);
        await silent.ReadToEndAsync();
        Assert.True(await IsAnsweredAsync(second));

        await using var third = await RawConnection.ConnectAsync(gateway.Port);
        Assert.True(await IsAnsweredAsync(third));
        await asked.ReadToEndAsync();
        Assert.True(await IsAnsweredAsync(second));
    }

    [Fact]
    public async Task What_is_under_way_makes_no_room_and_the_next_is_turned_away()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:MaxConnections", "12"), ("Limits:MaxConnectionsPerAddress", "8")]);
        var freed = new TaskCompletionSource();
        using var arrived = new SemaphoreSlim(0);
        gateway.Worker.Answer = async (worker, head) =>
        {
            arrived.Release();
            await freed.Task;
            return await gateway.Worker.RecordAsync(worker, head);
        };
        var first = await AskAsync(gateway, arrived, 8, "127.0.0.2");
        Assert.False(await IsAnsweredAsync(await RawConnection.ConnectAsync(gateway.Port, "127.0.0.2")));
        var second = await AskAsync(gateway, arrived, 4, "127.0.0.3");
        Assert.False(await IsAnsweredAsync(await RawConnection.ConnectAsync(gateway.Port, "127.0.0.3")));

        freed.SetResult();
        Assert.All(await Task.WhenAll([.. first.Select(wire => wire.ReadHeadAsync()), .. second.Select(wire => wire.ReadHeadAsync())]), head => Assert.Equal(200, head?.Status));
        Assert.True(await IsAnsweredAsync(await RawConnection.ConnectAsync(gateway.Port, "127.0.0.3")));
        await CloseAsync([.. first, .. second]);
    }

    [Fact]
    public async Task A_stream_counts_as_a_connection_for_as_long_as_it_is_open()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:MaxConnections", "1")]);
        gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            await worker.ReadToEndAsync();
            return false;
        };
        await using var socket = await gateway.OpenAsync(
            "GET", "/api/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        Assert.Equal(101, (await socket.ReadHeadAsync())?.Status);

        Assert.False(await IsAnsweredAsync(await RawConnection.ConnectAsync(gateway.Port, "127.0.0.2")));
    }

    /// <summary>Requests that have reached the clone.</summary>
    private static async Task<List<RawConnection>> AskAsync(GatewayUnderTest gateway, SemaphoreSlim arrived, int count, string from)
    {
        var wires = new List<RawConnection>();
        for (var i = 0; i < count; i++)
        {
            wires.Add(await RawConnection.ConnectAsync(gateway.Port, from));
            await wires[^1].SendAsync(
                $"GET /runtime/{GatewayUnderTest.Session}/github/api HTTP/1.1\r\nHost: localhost\r\nx-route-authorization: Bearer {gateway.Token}\r\n\r\n");
            Assert.True(await arrived.WaitAsync(RawConnection.Patience));
        }

        return wires;
    }

    /// <summary>False: closed without a word, perhaps before the question was sent.</summary>
    private static async Task<bool> IsAnsweredAsync(RawConnection wire)
    {
        try
        {
            await wire.SendAsync(Ask);
            var head = await wire.ReadHeadAsync();
            if (head is not null)
            {
                await wire.ReadBodyAsync(head);
            }

            return head?.Status == 200;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task CloseAsync(IEnumerable<RawConnection> wires)
    {
        foreach (var wire in wires)
        {
            await wire.DisposeAsync();
        }
    }
}
