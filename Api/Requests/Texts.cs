using ControlPlane.Errors;

namespace ControlPlane.Requests;

/// <summary>The rules of texts that people name things with.</summary>
internal static class Texts
{
    private const int LongestEmail = 254;

    /// <summary>A text of at least one and at most so many characters, none of which moves a terminal's cursor.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static string Checked(string field, string text, int most) =>
        text.Length == 0 || text.Length > most ? throw Invalid.At(field, $"1 to {most} characters.")
        : text.Any(char.IsControl) ? throw Invalid.At(field, "no control characters.")
        : text;

    /// <summary>What can be an address of electronic mail. That it is somebody's is for whoever sends there to find out.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static string Email(string field, string text) =>
        Checked(field, text, LongestEmail).Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !text.Any(char.IsWhiteSpace)
            ? text
            : throw Invalid.At(field, "write it as name@example.com.");

    /// <summary>A number within its range; null stays null.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static int? InRange(string field, int? value, int least, int most) =>
        value < least || value > most ? throw Invalid.At(field, $"{least} to {most}.") : value;
}
