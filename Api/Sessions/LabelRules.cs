using System.Buffers;
using ControlPlane.Errors;
using ControlPlane.Requests;

namespace ControlPlane.Sessions;

/// <summary>What labels look like, and how a query names one.</summary>
internal static class LabelRules
{
    private const int Most = 16;
    private const int LongestKey = 63;
    private const int LongestValue = 200;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/");

    /// <exception cref="ControlPlaneException">400.</exception>
    public static IReadOnlyDictionary<string, string>? Checked(IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null or { Count: 0 })
        {
            return null;
        }

        if (labels.Count > Most)
        {
            throw Invalid.At("labels", $"at most {Most}.");
        }

        foreach (var (key, value) in labels)
        {
            CheckKey("labels", key);
            CheckValue($"labels.{key}", value);
        }

        return labels;
    }

    /// <summary><c>k</c> names every value of a label, <c>k=v</c> one, and <c>k=</c> the empty one.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static KeyValuePair<string, string?>? Named(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var equals = text.IndexOf('=');
        var (key, value) = equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
        CheckKey("label", key);
        if (value is not null)
        {
            CheckValue("label", value);
        }

        return new KeyValuePair<string, string?>(key, value);
    }

    private static void CheckKey(string field, string key)
    {
        if (key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            throw Invalid.At(field, $"a label's name has 1 to {LongestKey} of letters, digits, '.', '_', '-' and '/'.");
        }
    }

    private static void CheckValue(string field, string? value)
    {
        if (value is not { Length: 0 })
        {
            Texts.Checked(field, value ?? throw Invalid.At(field, "it is null."), LongestValue);
        }
    }
}
