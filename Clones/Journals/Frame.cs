using System.Buffers.Binary;
using System.Numerics;

namespace ControlPlane.Journals;

/// <summary>
/// What a journal is made of: a mark, the payload's length, the payload's CRC-32C, the CRC-32C of those twelve bytes, the payload. The
/// mark begins with a byte that UTF-8 never contains, so no payload can be taken for the beginning of a frame.
/// </summary>
internal static class Frame
{
    public const int HeaderLength = 16;

    private const uint Mark = 0x314A_50FF; // FF 'P' 'J' '1', little endian

    /// <summary>The largest payload; a length beyond it is damage, not a request for memory.</summary>
    public const int MaxPayload = 256 * 1024 * 1024;

    public static byte[] Of(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), Crc(payload));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), Crc(frame.AsSpan(0, 12)));
        payload.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <summary>The payload of the whole frame at the start of these bytes, or false: there is none, or it is damaged or cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (bytes.Length < HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Crc(bytes[..12]))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (length is < 0 or > MaxPayload || bytes.Length - HeaderLength < length)
        {
            return false;
        }

        payload = bytes.Slice(HeaderLength, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Crc(payload);
    }

    /// <summary>Whether a whole frame begins anywhere in these bytes.</summary>
    public static bool AnyIn(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOf((byte)0xFF); at >= 0;)
        {
            bytes = bytes[at..];
            if (TryRead(bytes, out _))
            {
                return true;
            }

            bytes = bytes[1..];
            at = bytes.IndexOf((byte)0xFF);
        }

        return false;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
