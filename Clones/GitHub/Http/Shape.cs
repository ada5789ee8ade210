using System.Text.Json;

namespace ControlPlane.GitHub.Http;

/// <summary>What a field of a body may be.</summary>
[Flags]
internal enum Kinds
{
    None = 0,
    Boolean = 1,
    Text = 2,
    Array = 4,
    Integer = 8,
    Null = 16,
}

/// <summary>One field that an operation declares.</summary>
/// <param name="Members">The only texts that it may be.</param>
/// <param name="OneOf">Its kinds are alternatives of their own in GitHub's description, which changes the words of the fault.</param>
internal sealed record Field(string Name, Kinds Kinds, bool Required = false, string[]? Members = null, bool OneOf = false);

/// <summary>Compares a body with what the operation declares, and says each difference in GitHub's words.</summary>
internal static class Shape
{
    public static List<string> Faults(JsonElement body, IEnumerable<Field> fields)
    {
        var faults = new List<string>();
        var missing = new List<string>();
        foreach (var field in fields)
        {
            if (body.TryGetProperty(field.Name, out var value))
            {
                faults.AddRange(Fault(field, value) is { } fault ? [fault] : []);
            }
            else if (field.Required)
            {
                missing.Add($"\"{field.Name}\"");
            }
        }

        if (missing.Count > 0)
        {
            faults.Add($"{string.Join(", ", missing)} {(missing.Count == 1 ? "wasn't" : "weren't")} supplied.");
        }

        return faults;
    }

    private static string? Fault(Field field, JsonElement value)
    {
        if ((KindOf(value) & field.Kinds) == 0)
        {
            return field.OneOf
                ? "No subschema in \"oneOf\" matched."
                : $"For 'properties/{field.Name}', {Ruby.Inspect(value)} is not {Words(field.Kinds)}.";
        }

        return field.Members is { } members && value.ValueKind == JsonValueKind.String && !members.Contains(value.GetString())
            ? $"{value.GetString()} is not a member of [{string.Join(", ", members.Select(member => $"\"{member}\""))}]."
            : null;
    }

    private static Kinds KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => Kinds.Boolean,
        JsonValueKind.String => Kinds.Text,
        JsonValueKind.Array => Kinds.Array,
        JsonValueKind.Number => value.TryGetInt64(out _) ? Kinds.Integer : Kinds.None,
        JsonValueKind.Null => Kinds.Null,
        _ => Kinds.None,
    };

    private static string Words(Kinds kinds)
    {
        (Kinds Kind, string Words)[] known =
        [
            (Kinds.Boolean, "a boolean"),
            (Kinds.Text, "a string"),
            (Kinds.Array, "an array"),
            (Kinds.Integer, "an integer"),
            (Kinds.Null, "null"),
        ];
        return string.Join(" or ", known.Where(entry => kinds.HasFlag(entry.Kind)).Select(entry => entry.Words));
    }
}
