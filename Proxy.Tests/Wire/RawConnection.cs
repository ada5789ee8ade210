using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ControlPlane.Wire;

/// <summary>One TCP connection and the little HTTP/1.1 that a test needs to see every byte of it.</summary>
internal sealed class RawConnection(Stream stream) : IAsyncDisposable
{
    private readonly List<byte> _seen = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>A bound on failure, never a wait.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public Stream Stream => stream;

    /// <summary>Everything that was read.</summary>
    public string Seen => Encoding.Latin1.GetString([.. _seen]);

    /// <param name="from">The address that the other side sees; all of 127.0.0.0/8 are this machine's own.</param>
    public static async Task<RawConnection> ConnectAsync(int port, string from = "127.0.0.1")
    {
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0)) { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);
        return new RawConnection(client.GetStream());
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    /// <summary>A message's head; null when the other side closes before one has come.</summary>
    public async Task<Head?> ReadHeadAsync()
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await ReadByteAsync() is not { } value)
            {
                return null;
            }

            text.Append((char)value);
        }

        return Head.Parse(text.ToString());
    }

    /// <summary>The body that belongs to a head.</summary>
    public async Task<byte[]> ReadBodyAsync(Head head)
    {
        if (head["Transfer-Encoding"] is not null)
        {
            return await ReadChunksAsync();
        }

        return head["Content-Length"] is { } length ? await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture)) : [];
    }

    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count; at++)
        {
            bytes[at] = await ReadByteAsync() ?? throw new EndOfStreamException();
        }

        return bytes;
    }

    /// <summary>Waits until the other side closes or resets; what it said before that is in <see cref="Seen"/>.</summary>
    public async Task ReadToEndAsync()
    {
        try
        {
            while (await ReadByteAsync() is not null)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>What has been read from the socket and not been asked for; from now on the stream is read directly.</summary>
    public byte[] TakeBuffered()
    {
        var taken = _buffer[_start.._end];
        _start = _end;
        return taken;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<byte[]> ReadChunksAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            var size = int.Parse((await ReadLineAsync()).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadExactlyAsync(size));
            var rest = await ReadLineAsync();
            if (size == 0)
            {
                while (rest.Length > 0)
                {
                    rest = await ReadLineAsync();
                }

                return [.. body];
            }
        }
    }

    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            line.Append((char)(await ReadByteAsync() ?? throw new EndOfStreamException()));
        }

        return line.ToString()[..^2];
    }

    private async ValueTask<byte?> ReadByteAsync()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, await stream.ReadAsync(_buffer).AsTask().WaitAsync(Patience));
            if (_end == 0)
            {
                return null;
            }
        }

        _seen.Add(_buffer[_start]);
        return _buffer[_start++];
    }
}

/// <summary>The head of a message as it was on the wire.</summary>
internal sealed record Head(string StartLine, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The one value of a header; null when it is absent. A test that repeats a header asks <see cref="All"/>.</summary>
    public string? this[string name] => All(name).SingleOrDefault();

    public string Method => StartLine.Split(' ')[0];

    public string Target => StartLine.Split(' ')[1];

    public int Status => int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>The names of its headers, sorted.</summary>
    public IEnumerable<string> Names => Headers.Select(static header => header.Name).Order(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> All(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    public static Head Parse(string text)
    {
        var lines = text[..^4].Split("\r\n");
        return new Head(lines[0], [.. lines[1..].Select(line => line.Split(':', 2)).Select(parts => (parts[0], parts[1].Trim()))]);
    }
}

/// <summary>A message that arrived.</summary>
internal sealed record Received(Head Head, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
