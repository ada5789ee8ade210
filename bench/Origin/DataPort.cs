using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ControlPlane;

/// <summary>
/// Answers what gateways forward, as cheaply as a process can, so that what is measured is the gateway: bytes made beforehand, one read and
/// one write for a request. <c>…/64k</c> is answered with 64 KiB, everything else with a small JSON object; bodies are read and dropped.
/// </summary>
internal sealed class DataPort
{
    private static readonly byte[] Small = Answer("application/json; charset=utf-8", Encoding.ASCII.GetBytes(
        """{"id":4711,"name":"widget","owner":{"login":"octo","id":1},"private":false,"updated_at":"2026-01-01T00:00:00Z"}"""));

    private static readonly byte[] Large = Answer("application/octet-stream", [.. Enumerable.Range(0, 64 * 1024).Select(at => (byte)at)]);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DataPort(int port)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(1024);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public async Task RunAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptAsync();
            socket.NoDelay = true;
            _ = ServeAsync(socket);
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        using var closing = socket;
        var buffer = new byte[128 * 1024];
        var held = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(held)) is > 0 and var read)
            {
                held += read;
                while (TryTake(buffer.AsSpan(0, held), out var length, out var answer))
                {
                    buffer.AsSpan(length, held - length).CopyTo(buffer);
                    held -= length;
                    for (var sent = 0; sent < answer.Length;)
                    {
                        sent += await socket.SendAsync(answer.AsMemory(sent));
                    }
                }
            }
        }
        catch (SocketException)
        {
            // The gateway closed the connection.
        }
    }

    /// <summary>One whole request at the buffer's start: how long it is, and what it is answered.</summary>
    private static bool TryTake(ReadOnlySpan<byte> held, out int length, out byte[] answer)
    {
        (length, answer) = (0, Small);
        var head = held.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var line = held[..held.IndexOf("\r\n"u8)];
        answer = line.IndexOf("/64k"u8) >= 0 ? Large : Small;
        length = head + 4 + BodyLength(held[..head]);
        return held.Length >= length;
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var named = "\r\nContent-Length: "u8;
        var at = head.IndexOf(named);
        return at >= 0 && Utf8Parser.TryParse(head[(at + named.Length)..], out int length, out _) ? length : 0;
    }

    private static byte[] Answer(string type, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nCache-Control: private, max-age=60\r\nETag: \"644b5b0155e6404a9cc4bd9d8b1ae730\"\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n"),
        .. body,
    ];
}
