using ControlPlane.Wire;

namespace ControlPlane.Limits;

/// <summary>Whoever wants to keep a gateway busy with connections keeps his own busy; the others are served meanwhile.</summary>
public sealed class ListenerLimitTests
{
    private const string Stranger = "127.0.0.2";

    [Fact]
    public async Task A_head_that_comes_a_byte_at_a_time_is_cut_and_good_callers_are_served_meanwhile()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:HeaderTimeout", "00:00:01")]);
        var slow = await OpenAsync(gateway, 40, "GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nx-slow: ");
        var cut = Task.WhenAll(slow.Select(wire => wire.ReadToEndAsync()));
        await using var good = await RawConnection.ConnectAsync(gateway.Port);

        var served = 0;
        while (!cut.IsCompleted || served < 10)
        {
            Assert.Equal(200, await GetAsync(gateway, good));
            served++;
            await Task.WhenAll(slow.Select(TrickleAsync));
        }

        await cut;
        Assert.All(slow, wire => Assert.DoesNotContain("HTTP/1.1 200", wire.Seen, StringComparison.Ordinal));
        await CloseAsync(slow);
    }

    [Fact]
    public async Task A_connection_without_a_request_is_closed_after_the_keep_alive_timeout()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:KeepAliveTimeout", "00:00:01")]);
        var idle = await OpenAsync(gateway, 10, "");
        await using var used = await RawConnection.ConnectAsync(gateway.Port);
        Assert.Equal(200, await GetAsync(gateway, used));

        await Task.WhenAll([.. idle.Select(wire => wire.ReadToEndAsync()), used.ReadToEndAsync()]);

        await CloseAsync(idle);
    }

    [Theory]
    [InlineData(1, 64 * 1024)]
    [InlineData(64, 1024)]
    [InlineData(101, 1)]
    public async Task A_head_of_64_KiB_or_of_too_many_headers_is_431_and_the_next_caller_is_served(int headers, int bytes)
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var large = string.Concat(Enumerable.Range(0, headers).Select(number => $"x-h{number}: {new string('h', bytes)}\r\n"));

        for (var round = 0; round < 10; round++)
        {
            Assert.Equal(431, (await gateway.SendRawAsync($"GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\n{large}\r\n"))?.Head.Status);
        }

        await using var good = await RawConnection.ConnectAsync(gateway.Port);
        Assert.Equal(200, await GetAsync(gateway, good));
        Assert.Equal(1, gateway.Worker.Requests);
    }

    [Fact]
    public async Task A_first_line_longer_than_8_KiB_is_414()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();

        var answer = await gateway.SendRawAsync($"GET /{new string('p', 9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(414, answer?.Head.Status);
    }

    private static async Task<RawConnection[]> OpenAsync(GatewayUnderTest gateway, int count, string sent, string from = Stranger)
    {
        var wires = new RawConnection[count];
        for (var i = 0; i < count; i++)
        {
            wires[i] = await RawConnection.ConnectAsync(gateway.Port, from);
            await TrySendAsync(wires[i], sent);
        }

        return wires;
    }

    private static Task TrickleAsync(RawConnection wire) => TrySendAsync(wire, "s");

    /// <summary>Whoever is refused may have been closed before he sends.</summary>
    private static async Task TrySendAsync(RawConnection wire, string text)
    {
        try
        {
            await wire.SendAsync(text);
        }
        catch (IOException)
        {
        }
    }

    private static async Task<int> GetAsync(GatewayUnderTest gateway, RawConnection wire)
    {
        await wire.SendAsync(
            $"GET /runtime/{GatewayUnderTest.Session}/github/api HTTP/1.1\r\nHost: localhost\r\nx-route-authorization: Bearer {gateway.Token}\r\n\r\n");
        var head = (await wire.ReadHeadAsync())!;
        await wire.ReadBodyAsync(head);
        return head.Status;
    }

    private static async Task CloseAsync(IEnumerable<RawConnection> wires)
    {
        foreach (var wire in wires)
        {
            await wire.DisposeAsync();
        }
    }
}
