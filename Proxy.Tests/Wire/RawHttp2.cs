using System.Buffers.Binary;
using System.Text;

namespace ControlPlane.Wire;

/// <summary>As much of HTTP/2 as it takes to send headers that no client would.</summary>
internal static class RawHttp2
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;

    /// <summary>
    /// Sends one request on a connection of its own and waits until the server has answered it, reset it or gone away. The answer: the type
    /// of the frame that said so.
    /// </summary>
    public static async Task<string> SendAsync(int port, params (string Name, string Value)[] headers)
    {
        await using var wire = await RawConnection.ConnectAsync(port);
        await wire.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await wire.SendAsync(Frame(Settings, 0, 0, []));
        const byte EndOfStreamAndHeaders = 0x5;
        byte[] block = [.. headers.SelectMany(static header => Literal(header.Name, header.Value))];
        await wire.SendAsync(Frame(Headers, EndOfStreamAndHeaders, 1, block));
        while (true)
        {
            var head = await wire.ReadExactlyAsync(9);
            var (length, type) = ((head[0] << 16) | (head[1] << 8) | head[2], head[3]);
            await wire.ReadExactlyAsync(length);
            switch (type)
            {
                case Headers:
                    return "answered";
                case ResetStream or GoAway:
                    return "reset";
                case Settings when (head[4] & 1) == 0:
                    await wire.SendAsync(Frame(Settings, 1, 0, []));
                    break;
                case Data:
                    throw new InvalidDataException("A body came before its headers.");
            }
        }
    }

    // A header field of two plain strings, entered into no table (RFC 7541, 6.2.2).
    private static IEnumerable<byte> Literal(string name, string value) =>
        [0, .. Plain(name), .. Plain(value)];

    private static byte[] Plain(string text) => text.Length < 127
        ? [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)]
        : [127, (byte)(text.Length - 127), .. Encoding.Latin1.GetBytes(text)];

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        (frame[0], frame[1], frame[2]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }
}
