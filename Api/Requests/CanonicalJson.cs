using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Errors;

namespace ControlPlane.Requests;

/// <summary>One form for all texts that ask for the same: no white space, no absent fields, the fields of an object in the order of their names.</summary>
internal static class CanonicalJson
{
    /// <exception cref="ControlPlaneException">400: a text in it is half of a surrogate pair, escaped, which JSON's grammar allows and no text holds.</exception>
    public static byte[] Of<T>(T value, JsonTypeInfo<T> shape)
    {
        try
        {
            return Written(value, shape);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Invalid.At("body", "a text in it is not Unicode.");
        }
    }

    private static byte[] Written<T>(T value, JsonTypeInfo<T> shape)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, JsonSerializer.SerializeToElement(value, shape));
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in value.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
