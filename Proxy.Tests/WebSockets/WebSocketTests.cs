using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Wire;

namespace ControlPlane.WebSockets;

public sealed class WebSocketTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<Head> _upgraded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _workerFreed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualTime _time = new();
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() =>
        _gateway = await GatewayUnderTest.StartAsync(clock: _time);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Messages_pass_both_ways_over_either_version(int version)
    {
        WorkerSpeaks(static async worker =>
        {
            // "hi" comes masked, with a mask of the client's choice.
            var frame = await worker.ReadExactlyAsync(8);
            Assert.Equal((0x81, 0x82), (frame[0], frame[1]));
            var text = new[] { (char)(frame[6] ^ frame[2]), (char)(frame[7] ^ frame[3]) };
            await worker.SendAsync("\x81\x05" + "you" + new string(text));
        });
        using var socket = await ConnectAsync(version);
        await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, default);

        Assert.Equal("youhi", await ReceiveAsync(socket));
        var head = await _upgraded.Task;
        Assert.Equal(("GET", "/api/socket?x=%2F", "websocket"), (head.Method, head.Target, head["Upgrade"]));
        Assert.Equal(_gateway.Ticket("github"), head["x-clone-ticket"]);
        Assert.Null(head["x-route-authorization"]);
    }

    [Fact]
    public async Task A_credential_among_the_subprotocols_is_taken_out_and_never_echoed()
    {
        WorkerSpeaks(static worker => worker.SendAsync("\x81\x02ok"), "Sec-WebSocket-Protocol: mcp\r\n");
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("archal.bearer." + Base64Url.EncodeToString(Encoding.ASCII.GetBytes(_gateway.Token)));
        socket.Options.AddSubProtocol("mcp");
        await socket.ConnectAsync(new Uri($"ws://localhost:{_gateway.Port}/runtime/ses-1/github/api"), default);

        Assert.Equal("ok", await ReceiveAsync(socket));
        Assert.Equal("mcp", socket.SubProtocol);
        Assert.Equal("mcp", (await _upgraded.Task)["Sec-WebSocket-Protocol"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_revoked_key_closes_with_1008_between_frames(int version)
    {
        WorkerSpeaks(static worker => worker.SendAsync("\x81\x02ok"));
        using var socket = await ConnectAsync(version);
        Assert.Equal("ok", await ReceiveAsync(socket));
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        var received = await socket.ReceiveAsync(new byte[10], default).WaitAsync(RawConnection.Patience);

        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "credential_invalid"), (socket.CloseStatus, socket.CloseStatusDescription));
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task A_stopped_session_closes_with_1008()
    {
        WorkerSpeaks(static worker => worker.SendAsync("\x81\x02ok"));
        using var socket = await ConnectAsync(1);
        Assert.Equal("ok", await ReceiveAsync(socket));
        await _gateway.StopSessionAsync().WaitAsync(RawConnection.Patience);
        await socket.ReceiveAsync(new byte[10], default).WaitAsync(RawConnection.Patience);

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "session_ended"), (socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task Inside_a_frame_it_is_aborted()
    {
        WorkerSpeaks(static worker => worker.SendAsync("\x81\x0Ahal"));
        await using var wire = await OpenRawAsync();
        Assert.Equal("\x81\x0Ahal", Encoding.Latin1.GetString(await wire.ReadExactlyAsync(5)));
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        await wire.ReadToEndAsync();

        Assert.EndsWith("\r\n\r\n\x81\x0Ahal", wire.Seen, StringComparison.Ordinal);
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task After_the_clones_own_close_frame_nothing_more_is_said()
    {
        WorkerSpeaks(static worker => worker.SendAsync("\x88\x02\x03\xE8"));
        await using var wire = await OpenRawAsync();
        await wire.ReadExactlyAsync(4);
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);
        await wire.ReadToEndAsync();

        Assert.EndsWith("\r\n\r\n\x88\x02\x03\xE8", wire.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_gateway_that_stops_closes_with_1012_between_frames(int version)
    {
        WorkerSpeaks(static worker => worker.SendAsync("\x81\x02ok"));
        using var socket = await ConnectAsync(version);
        Assert.Equal("ok", await ReceiveAsync(socket));
        var stopping = _gateway.StopAsync();
        await socket.ReceiveAsync(new byte[10], default).WaitAsync(RawConnection.Patience);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);

        Assert.Equal(1012, (int?)socket.CloseStatus);
        await stopping.WaitAsync(RawConnection.Patience);
        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task A_gateway_that_stops_lets_the_frame_that_is_under_way_end_first()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WorkerSpeaks(async worker =>
        {
            await worker.SendAsync("\x81\x04ha");
            await goOn.Task;
            await worker.SendAsync("lo");
        });
        await using var wire = await OpenRawAsync();
        await wire.ReadExactlyAsync(4);
        var stopping = _gateway.StopAsync();
        goOn.SetResult();

        Assert.Equal("lo\x88", Encoding.Latin1.GetString(await wire.ReadExactlyAsync(3)));
        _time.Advance(TimeSpan.FromSeconds(1));
        await stopping.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task A_caller_who_takes_nothing_cannot_hold_up_a_revocation()
    {
        WorkerSpeaks(static async worker =>
        {
            var frame = new byte[4 + 60_000];
            (frame[0], frame[1], frame[2], frame[3]) = (0x82, 126, 60_000 >> 8, 60_000 & 0xFF);
            while (true)
            {
                await worker.SendAsync(frame);
            }
        });
        await using var wire = await OpenRawAsync();
        await _gateway.RevokeAsync().WaitAsync(RawConnection.Patience);

        await _workerFreed.Task.WaitAsync(RawConnection.Patience);
    }

    [Fact]
    public async Task A_quiet_socket_lives_on()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WorkerSpeaks(async worker =>
        {
            await goOn.Task;
            await worker.SendAsync("\x81\x02ok");
        });
        using var socket = await ConnectAsync(1);
        _time.Advance(TimeSpan.FromHours(5));
        goOn.SetResult();

        Assert.Equal("ok", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task A_clone_that_refuses_the_upgrade_answers_for_itself()
    {
        _gateway.Worker.Answer = static async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno");
            return true;
        };
        await using var wire = await OpenRawAsync(expected: 426);
    }

    [Fact]
    public async Task Without_a_credential_the_clone_is_not_asked()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var url = new Uri($"ws://localhost:{_gateway.Port}/runtime/ses-1/github/api");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(url, default));

        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        Assert.Equal(0, _gateway.Worker.Requests);
    }

    private async Task<ClientWebSocket> ConnectAsync(int version)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("x-route-authorization", $"Bearer {_gateway.Token}");
        socket.Options.HttpVersion = new Version(version, version == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var port = version == 1 ? _gateway.Port : _gateway.Http2Port;
        var url = new Uri($"ws://localhost:{port}/runtime/ses-1/github/api/socket?x=%2F");
        await socket.ConnectAsync(url, invoker, default).WaitAsync(RawConnection.Patience);
        return socket;
    }

    private async Task<RawConnection> OpenRawAsync(int expected = 101)
    {
        var wire = await _gateway.OpenAsync(
            "GET", "/api/x",
            "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(new byte[16])}\r\n");
        Assert.Equal(expected, (await wire.ReadHeadAsync())!.Status);
        return wire;
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, default).WaitAsync(RawConnection.Patience);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455, 4.2.2 names SHA-1; nothing is secured by it.")]
    private static string Accept(Head head) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(head["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    private void WorkerSpeaks(Func<RawConnection, Task> speak, string headers = "") => _gateway.Worker.Answer = async (worker, head) =>
    {
        await worker.SendAsync(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Accept: {Accept(head)}\r\n{headers}\r\n");
        _upgraded.SetResult(head);
        try
        {
            await speak(worker);
            await worker.ReadToEndAsync();
        }
        catch (IOException)
        {
        }

        _workerFreed.SetResult();
        return false;
    };
}
