using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ControlPlane;

/// <summary>One kept connection: a request at a time, the next one as soon as it is both due and possible.</summary>
internal sealed class Line : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Lock _gate = new();
    private readonly Queue<long> _due = new();
    private readonly byte[] _request;
    private readonly Uri _url;
    private List<double> _latencies = [];
    private bool _busy;

    public Line(Uri url, byte[] request)
    {
        (_url, _request) = (url, request);
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, url.Port));
        _ = ReceiveAsync();
    }

    /// <summary>A request is due.</summary>
    public void Due(long at)
    {
        lock (_gate)
        {
            _due.Enqueue(at);
            if (!_busy)
            {
                _busy = true;
                _socket.Send(_request);
            }
        }
    }

    /// <summary>What was measured, once all of it has been answered.</summary>
    public List<double> Take()
    {
        SpinWait.SpinUntil(() =>
        {
            lock (_gate)
            {
                return _due.Count == 0;
            }
        });
        var taken = _latencies;
        _latencies = [];
        return taken;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        var buffer = new byte[128 * 1024];
        var held = 0;
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(held)) is > 0 and var read)
            {
                held += read;
                if (Length(buffer.AsSpan(0, held)) is { } length && held >= length)
                {
                    held = 0;
                    Answered();
                }
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            return;
        }

        throw new InvalidOperationException($"{_url} closed the connection.");
    }

    private void Answered()
    {
        lock (_gate)
        {
            _latencies.Add(Stopwatch.GetElapsedTime(_due.Dequeue()).TotalMicroseconds);
            _busy = _due.Count > 0;
            if (_busy)
            {
                _socket.Send(_request);
            }
        }
    }

    /// <summary>How long the answer is; null while its head is not whole.</summary>
    private int? Length(ReadOnlySpan<byte> held)
    {
        var head = held.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(held[..(head + 2)]);
        const string Named = "\r\nContent-Length: ";
        var at = text.IndexOf(Named, StringComparison.OrdinalIgnoreCase);
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || at < 0)
        {
            Console.Error.WriteLine($"{_url} answered: {text}");
            Environment.Exit(1);
        }

        var digits = text.AsSpan(at + Named.Length);
        return head + 4 + int.Parse(digits[..digits.IndexOf('\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
