using System.Text.RegularExpressions;

namespace ControlPlane.Auth;

/// <summary>What a token looks like (contract 2.9). A value of another shape is never sent anywhere.</summary>
internal static partial class TokenShape
{
    public static bool Fits(string value) => Whole().IsMatch(value);

    /// <summary>The text with every token in it cut to its kind.</summary>
    public static string Redact(string text) => text.Contains('_', StringComparison.Ordinal) ? Anywhere().Replace(text, "$1_…") : text;

    [GeneratedRegex(@"\A(archal_ws|arc|archal_login)_[0-9a-z]{12}_[0-9A-Za-z]{38}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    // Looser than a token, so that one that was cut or mistyped is not shown either.
    [GeneratedRegex(@"(archal_ws|archal_login|arc)_[0-9A-Za-z]{6,}(_[0-9A-Za-z]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Anywhere();
}
