namespace ControlPlane.Server;

/// <summary>Ids on their way into a URL: opaque, but never anything that could make the URL another one.</summary>
internal static class UrlId
{
    /// <exception cref="CommandFailure">The text cannot be an id.</exception>
    public static string Checked(string text, string what) =>
        text.Length is > 0 and <= 200 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? text
            : throw CommandFailure.WrongUse($"'{text}' is not the id of a {what}: letters, digits, - and _.");
}
