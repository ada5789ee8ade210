using System.Text;
using ControlPlane.Wire;

namespace ControlPlane.Forwarding;

public sealed class BodyTests
{
    private const long Gibibyte = 1L << 30;

    [Theory]
    [InlineData("Content-Length: 11\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n", "b\r\nhello world\r\n0\r\n\r\n")]
    public async Task A_body_over_the_limit_is_413(string framing, string body)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: ("MaxBodyBytes", "10"));
        gateway.Worker.Answer = static async (worker, _) =>
        {
            await worker.ReadToEndAsync();
            return false;
        };
        await using var wire = await gateway.OpenAsync("POST", "/api/x", framing);
        await wire.SendAsync(body);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((413, "body_too_large"), (head.Status, head["x-route-error"]));
    }

    [Fact]
    public async Task A_body_of_just_the_limit_passes()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: ("MaxBodyBytes", "11"));
        await using var wire = await gateway.OpenAsync("POST", "/api/x", "Transfer-Encoding: chunked\r\n");
        await wire.SendAsync("b\r\nhello world\r\n0\r\n\r\n");

        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);
        Assert.Equal("hello world", (await gateway.Worker.NextAsync()).Text);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_no_request()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Worker.Answer = static async (worker, _) =>
        {
            await worker.ReadToEndAsync();
            return false;
        };
        await using var wire = await gateway.OpenAsync("POST", "/api/x", "Transfer-Encoding: chunked\r\n");
        await wire.SendAsync("5\r\nhello\r\nnonsense\r\n");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((400, "request_invalid"), (head.Status, head["x-route-error"]));
    }

    [Fact]
    public async Task A_gibibyte_passes_both_ways_in_chunks_and_memory_stays_flat()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        long received = 0;
        gateway.Worker.Answer = async (worker, _) =>
        {
            received = await CountChunksAsync(worker);
            await worker.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await SendChunksAsync(worker.Stream);
            return true;
        };
        await using var wire = await gateway.OpenAsync("POST", "/api/x", "Transfer-Encoding: chunked\r\n");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendChunksAsync(wire.Stream);
        var head = (await wire.ReadHeadAsync())!;
        var most = GC.GetTotalMemory(forceFullCollection: true) - before;
        var sent = await CountChunksAsync(wire);

        Assert.Equal((200, Gibibyte, Gibibyte), (head.Status, received, sent));
        Assert.InRange(Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before), long.MinValue, 64 << 20);
    }

    private static async Task SendChunksAsync(Stream stream)
    {
        const int Size = 1 << 20;
        var chunk = Encoding.ASCII.GetBytes($"{Size:x}\r\n{new string('x', Size)}\r\n");
        for (long sent = 0; sent < Gibibyte; sent += Size)
        {
            await stream.WriteAsync(chunk);
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }

    // Counts the bytes of the chunks, which are of 'x' alone, until the last one; what the head's reader has taken already comes first.
    private static async Task<long> CountChunksAsync(RawConnection wire)
    {
        var buffer = new byte[1 << 18];
        var count = 0L;
        var tail = "";
        var rest = wire.TakeBuffered();
        while (true)
        {
            count += rest.AsSpan().Count((byte)'x');
            tail += Encoding.Latin1.GetString(rest.AsSpan(Math.Max(0, rest.Length - 5)));
            tail = tail[Math.Max(0, tail.Length - 5)..];
            if (tail == "0\r\n\r\n")
            {
                return count;
            }

            var read = await wire.Stream.ReadAsync(buffer).AsTask().WaitAsync(RawConnection.Patience);
            rest = read > 0 ? buffer[..read] : throw new EndOfStreamException();
        }
    }
}
