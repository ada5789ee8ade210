using System.Globalization;
using System.Text.Json;

namespace ControlPlane.OpenApi;

/// <summary>As much of JSON Schema as the published description uses.</summary>
internal static class SchemaCheck
{
    public static void Holds(JsonElement document, JsonElement schema, JsonElement value, string place)
    {
        schema = Resolve(document, schema);
        Assert.True(IsOfType(schema, value), $"{place} is {value.ValueKind}: {value}");
        if (schema.TryGetProperty("format", out var format) && value.ValueKind == JsonValueKind.String)
        {
            Assert.True(HasFormat(format.GetString()!, value.GetString()!), $"{place} is no {format}: {value}");
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
            {
                Holds(document, items, item, $"{place}[]");
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            ObjectHolds(document, schema, value, place);
        }
    }

    /// <summary>Follows a reference within the document.</summary>
    public static JsonElement Resolve(JsonElement document, JsonElement part)
    {
        while (part.TryGetProperty("$ref", out var reference))
        {
            part = reference.GetString()!.Split('/')[1..].Aggregate(document, static (at, name) => at.GetProperty(name));
        }

        return part;
    }

    private static void ObjectHolds(JsonElement document, JsonElement schema, JsonElement value, string place)
    {
        foreach (var required in schema.TryGetProperty("required", out var names) ? names.EnumerateArray() : default)
        {
            Assert.True(value.TryGetProperty(required.GetString()!, out _), $"{place} has no {required}: {value}");
        }

        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        foreach (var property in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(property.Name, out var one))
            {
                Holds(document, one, property.Value, $"{place}.{property.Name}");
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                Holds(document, others, property.Value, $"{place}.{property.Name}");
            }
            else
            {
                Assert.True(others.ValueKind != JsonValueKind.False, $"{place} has {property.Name}, which its schema does not allow");
            }
        }
    }

    private static bool IsOfType(JsonElement schema, JsonElement value) => !schema.TryGetProperty("type", out var type)
        || (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => Is(one.GetString()!, value)) : Is(type.GetString()!, value));

    private static bool Is(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static bool HasFormat(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T', StringComparison.Ordinal),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "email" => text.Contains('@', StringComparison.Ordinal),
        _ => true,
    };
}
