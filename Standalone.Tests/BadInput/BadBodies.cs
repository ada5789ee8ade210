using System.Text;
using System.Text.Json;

namespace ControlPlane.BadInput;

/// <summary>Bodies of which each breaks a schema in one place, or is no JSON at all; which of the many is left to chance, of which the seed is known.</summary>
internal sealed class BadBodies(JsonElement schemas, Random random)
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>A value of each kind of JSON, and some that are too much of it; bytes 0xFF are written as they are.</summary>
    private static readonly (string Kind, string[] Values)[] Values =
    [
        ("null", ["null"]),
        ("boolean", ["true", "false"]),
        ("integer", ["7", "-1", "0"]),
        ("number", ["1.5", "1e999", "-1e999", "123456789012345678901234567890", "0.00000000000000000000001"]),
        ("string", ["\"x\"", "\"\"", "\"7\"", "\"\\u0000\""]),
        ("array", ["[]", "[[]]", "[7,\"x\",null]"]),
        ("object", ["{}", "{\"x\":{\"y\":[]}}"]),
    ];

    /// <summary>No string may hold these, whatever else it may hold: bytes that are no UTF-8, half a character, a text that never ends.</summary>
    private static readonly string[] NoStrings = ["\"\xff\"", "\"\xc3(\"", "\"\xed\xa0\x80\"", "\"\\ud800\"", "\"\\x\"", "\"a\nb\"", "\"open"];

    /// <summary>Nor may a number be written so.</summary>
    private static readonly string[] NoNumbers = ["07", "+7", "0x7", "NaN", "Infinity", "7e", "1_000", "99999999999999999999", "-99999999999999999999", "1e400"];

    /// <summary>Bad JSON for a schema. Each is bytes, one for a character.</summary>
    public IEnumerable<string> Json(JsonElement schema, bool required)
    {
        foreach (var (name, property) in Properties(schema))
        {
            foreach (var wrong in Wrong(property))
            {
                yield return $"{{{Quoted(name)}:{wrong}}}";
            }

            yield return $"{{{Quoted(name)}:{Nested(random.Next(40, 100_000))}}}";
            yield return $"{{{Quoted(name)}:null,{Quoted(name)}:null}}";
        }

        // Some standards have what is unknown ignored, and the description says where.
        var isClosed = Resolved(schema).TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False;
        foreach (var whole in Whole(required).Concat(isClosed ? Unknown(schema) : []))
        {
            yield return whole;
        }
    }

    /// <summary>Bad forms for a schema: fields twice, too many and too long.</summary>
    public IEnumerable<string> Forms(JsonElement schema)
    {
        foreach (var (name, _) in Properties(schema))
        {
            yield return $"{name}=a&{name}=b";
            yield return $"{name}={new string('a', random.Next(5_000, 16_000))}";
        }

        yield return string.Join('&', Enumerable.Range(0, random.Next(17, 1_000)).Select(number => $"f{number}=1"));
        yield return $"{new string('f', random.Next(65, 8_000))}=1";
        yield return new string('f', random.Next(17, 900) * 1024);
        yield return new string('a', 10 * Mebibyte);
    }

    private IEnumerable<string> Wrong(JsonElement schema)
    {
        schema = Resolved(schema);
        var allowed = Kinds(schema);
        if (allowed.Count == 0)
        {
            // Anything goes, but it must be JSON.
            return NoStrings[..3];
        }

        var wrong = Values.Where(value => !allowed.Contains(value.Kind) && !(value.Kind == "integer" && allowed.Contains("number")))
            .Select(value => value.Values[random.Next(value.Values.Length)]);
        if (allowed.Contains("integer") || allowed.Contains("number"))
        {
            wrong = wrong.Concat(NoNumbers);
        }

        if (allowed.Contains("string"))
        {
            wrong = wrong.Concat(NoStrings);
        }

        if (schema.TryGetProperty("items", out var items))
        {
            wrong = wrong.Concat(Wrong(items).Select(item => $"[{item}]"));
        }

        if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.Object)
        {
            wrong = wrong.Concat(Wrong(others).Select(other => $"{{\"github\":{other}}}"));
        }

        return wrong.Concat(Properties(schema).SelectMany(property => Wrong(property.Schema).Select(inner => $"{{{Quoted(property.Name)}:{inner}}}")));
    }

    private IEnumerable<string> Whole(bool required)
    {
        string[] some =
        [
            "{", "{\"", "{}}", "{},{}", "{} {}", "[]", "7", "\"x\"", "true", "null", "nul", "\0", "{\0}", "\u00ef\u00bb\u00bf{}", "{/**/}", "{'a':1}", "{\"a\":1,}",
            "<xml/>", "{\"\xff\":1}", Encoding.Latin1.GetString(Encoding.Unicode.GetBytes("{}")),
            Nested(random.Next(33, 200_000)), string.Concat(Enumerable.Repeat("{\"a\":", random.Next(33, 100_000))),
            $"{{\"no such field\":\"{new string('s', 10 * Mebibyte)}\"}}", new string(' ', 10 * Mebibyte), Noise(random.Next(1, 2_000)),
        ];
        return required ? some.Append("") : some;
    }

    private IEnumerable<string> Unknown(JsonElement schema) =>
    [
        "{\"no such field\":1}", "{\"__proto__\":{}}", "{\"$ref\":\"#\"}", "{\"$type\":\"x\"}", $"{{\"no such field\":{new string('9', random.Next(1_000, 900_000))}}}",
        $"{{{Quoted(new string('n', random.Next(1_000, 900_000)))}:1}}",
        .. Properties(schema).Select(property => $"{{{Quoted(property.Name.ToUpperInvariant())}:null}}"),
    ];

    /// <summary>Bytes of any kind, of which the first makes it no JSON.</summary>
    private string Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return "\x01" + Encoding.Latin1.GetString(bytes);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Quoted(string name) => $"\"{name}\"";

    private IEnumerable<(string Name, JsonElement Schema)> Properties(JsonElement schema) => Resolved(schema).TryGetProperty("properties", out var properties)
        ? properties.EnumerateObject().Select(static property => (property.Name, property.Value))
        : [];

    /// <summary>The kinds of JSON that a schema takes; none: all of them.</summary>
    private static HashSet<string> Kinds(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(static one => one.GetString()!)]
        : [type.GetString()!];

    /// <summary>Follows a reference, and the one alternative that is not null.</summary>
    private JsonElement Resolved(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
            {
                schema = schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
            }
            else if (schema.TryGetProperty("oneOf", out var choices))
            {
                schema = choices.EnumerateArray().Last();
            }
            else
            {
                return schema;
            }
        }
    }
}
