namespace ControlPlane.WebSockets;

/// <summary>
/// Follows the frames of one direction of a WebSocket (RFC 6455, 5.2) through chunks cut anywhere, only to know whether a frame of our
/// own may be put in now. Nothing is unmasked, and nothing is kept but counters.
/// </summary>
internal struct FrameBoundary
{
    private const byte Close = 0x8;

    private enum Expect : byte
    {
        Opcode,
        Length,
        ExtendedLength,
        Mask,
        Payload,
    }

    private Expect _next;
    private bool _isMasked;
    private byte _opcode;
    private int _bytes;
    private ulong _payload;

    /// <summary>Whether the last frame is whole.</summary>
    public readonly bool IsBetweenFrames => _next == Expect.Opcode;

    /// <summary>Whether a close frame has passed: after it there is nothing more to say.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>The next bytes of the stream.</summary>
    public void Follow(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            if (_next == Expect.Payload)
            {
                var taken = (int)Math.Min(_payload, (ulong)chunk.Length);
                _payload -= (ulong)taken;
                chunk = chunk[taken..];
                _next = _payload == 0 ? EndOfFrame() : Expect.Payload;
                continue;
            }

            _next = Read(chunk[0]);
            chunk = chunk[1..];
        }
    }

    private Expect Read(byte value)
    {
        switch (_next)
        {
            case Expect.Opcode:
                _opcode = (byte)(value & 0x0F);
                return Expect.Length;

            case Expect.Length:
                _isMasked = (value & 0x80) != 0;
                var length = value & 0x7F;
                _bytes = length switch { 126 => 2, 127 => 8, _ => 0 };
                _payload = _bytes == 0 ? (ulong)length : 0;
                return _bytes == 0 ? AfterLength() : Expect.ExtendedLength;

            case Expect.ExtendedLength:
                _payload = (_payload << 8) | value;
                return --_bytes == 0 ? AfterLength() : Expect.ExtendedLength;

            default:
                return --_bytes > 0 ? Expect.Mask : AfterHeader();
        }
    }

    private Expect AfterLength()
    {
        _bytes = 4;
        return _isMasked ? Expect.Mask : AfterHeader();
    }

    private Expect AfterHeader() => _payload == 0 ? EndOfFrame() : Expect.Payload;

    private Expect EndOfFrame()
    {
        IsClosing |= _opcode == Close;
        return Expect.Opcode;
    }
}
