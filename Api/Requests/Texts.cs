using ControlPlane.Errors;

namespace ControlPlane.Requests;

/// <summary>The rules of texts that people name things with.</summary>
internal static class Texts
{
    /// <summary>A text of at least one and at most so many characters, none of which moves a terminal's cursor.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static string Checked(string field, string text, int most) =>
        text.Length == 0 || text.Length > most ? throw Invalid.At(field, $"1 to {most} characters.")
        : text.Any(char.IsControl) ? throw Invalid.At(field, "no control characters.")
        : text;

    /// <summary>A number within its range; null stays null.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static int? InRange(string field, int? value, int least, int most) =>
        value < least || value > most ? throw Invalid.At(field, $"{least} to {most}.") : value;
}
