using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ControlPlane.Wire;

/// <summary>
/// Stands where a clone worker stands and is no server at all: a socket that records each byte it is sent and answers what the test says.
/// </summary>
internal sealed class RawWorker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly Task _accepting;
    private int _requests;

    public RawWorker()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How requests are answered: the connection, and a head that has been read from it. False closes the connection.</summary>
    public Func<RawConnection, Head, Task<bool>>? Answer { get; set; }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many heads have arrived, whole or not.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The next request that was answered by the default.</summary>
    public async Task<Received> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(RawConnection.Patience);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var wire = new RawConnection(new NetworkStream(socket, ownsSocket: true));
        try
        {
            while (await wire.ReadHeadAsync() is { } head)
            {
                Interlocked.Increment(ref _requests);
                if (!await (Answer?.Invoke(wire, head) ?? RecordAsync(wire, head)))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException)
        {
        }
    }

    /// <summary>The default: takes the whole request down and answers <c>ok</c>.</summary>
    public async Task<bool> RecordAsync(RawConnection wire, Head head)
    {
        var body = await wire.ReadBodyAsync(head);
        _received.Writer.TryWrite(new Received(head, body));
        await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (head.Method == "HEAD" ? "" : "ok"));
        return true;
    }
}
