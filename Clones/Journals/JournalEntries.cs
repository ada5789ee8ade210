using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ControlPlane.Journals;

/// <summary>A frame's payload: the changes one behind another, each a line of JSON.</summary>
internal static class JournalEntries
{
    public static byte[] Of<T>(IEnumerable<T> changes, JsonTypeInfo<T> json)
    {
        using var stream = new MemoryStream();
        foreach (var change in changes)
        {
            JsonSerializer.Serialize(stream, change, json);
            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    public static IEnumerable<T> Read<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> json, string path)
    {
        while (!payload.IsEmpty)
        {
            var end = payload.Span.IndexOf((byte)'\n');
            yield return Parse(payload.Span[..end], json, path);
            payload = payload[(end + 1)..];
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(line, json) ?? throw new JsonException("null is no change");
        }
        catch (JsonException exception)
        {
            throw new JournalDamagedException($"{path} holds a change that this version cannot read: {exception.Message}", exception);
        }
    }
}
