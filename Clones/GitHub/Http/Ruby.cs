using System.Text.Json;

namespace ControlPlane.GitHub.Http;

/// <summary>GitHub's messages show values as its own language prints them.</summary>
internal static class Ruby
{
    public static string Inspect(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "nil",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => Quoted(value.GetString()!), // A string is never null.
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Inspect))}]",
        JsonValueKind.Object => $"{{{string.Join(", ", value.EnumerateObject().Select(Pair))}}}",
        _ => value.GetRawText(),
    };

    private static string Pair(JsonProperty member) => $"{Quoted(member.Name)}=>{Inspect(member.Value)}";

    private static string Quoted(string text) =>
        '"' + text
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("#{", "\\#{", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal) + '"';
}
