using System.Text;

namespace ControlPlane.Telemetry;

/// <summary>A message of Protocol Buffers as its fields, without a schema: as much as OTLP's messages need to be looked into.</summary>
internal sealed class WireFormat
{
    private readonly List<(int Field, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public WireFormat(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            var length = (tag & 7) switch
            {
                0 => VarintLength(message),
                1 => 8,
                2 => (int)Varint(ref message),
                5 => 4,
                var kind => throw new InvalidDataException($"There is no wire type {kind}."),
            };
            _fields.Add(((int)(tag >> 3), message[..length]));
            message = message[length..];
        }
    }

    public IEnumerable<WireFormat> Messages(params int[] path) => path is [var field]
        ? _fields.Where(row => row.Field == field).Select(row => new WireFormat(row.Bytes))
        : Messages(path[0]).SelectMany(message => message.Messages(path[1..]));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public long Number(int field)
    {
        var bytes = Bytes(field);
        return bytes.IsEmpty ? 0 : (long)Varint(ref bytes);
    }

    public bool Has(int field) => _fields.Exists(row => row.Field == field);

    /// <summary>The attributes in a field: key → value.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int field) => Messages(field).ToDictionary(
        pair => pair.Text(1),
        pair => pair.Messages(2).Select(value => value.Has(1) ? value.Text(1) : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture)).First());

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.Where(row => row.Field == field).Select(row => row.Bytes).LastOrDefault();

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        var (value, length) = (0UL, VarintLength(message));
        for (var i = 0; i < length; i++)
        {
            value |= (ulong)(message.Span[i] & 0x7f) << (7 * i);
        }

        message = message[length..];
        return value;
    }

    private static int VarintLength(ReadOnlyMemory<byte> message) => 1 + message.Span.IndexOfAnyInRange((byte)0, (byte)0x7f);
}
