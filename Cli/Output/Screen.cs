using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Auth;

namespace ControlPlane.Output;

/// <summary>
/// Where results and remarks go: results to standard output, all else to standard error, so that a pipe carries results alone.
/// What a server wrote is shown without control characters: a session's name must not move a cursor.
/// </summary>
internal static class Screen
{
    /// <summary>Colour and boxes are for people at terminals, who have not asked for none.</summary>
    public static bool IsDecorated { get; } =
        !Console.IsOutputRedirected && ArchalVariables.Read("NO_COLOR") is null && ArchalVariables.Read("TERM") is not (null or "dumb");

    public static void WriteLine(string text) => Console.Out.WriteLine(Plain(text));

    /// <summary>For people, never part of a result.</summary>
    public static void WriteRemark(string text) => Console.Error.WriteLine(TokenShape.Redact(Plain(text)));

    /// <summary>A secret that is shown once: it alone is the result, so that it can be piped on; the remark says the rest.</summary>
    /// <exception cref="CommandFailure">The server did not tell the secret; it says so in the words given.</exception>
    public static void WriteSecret(string? secret, string untold, string remark)
    {
        WriteLine(secret ?? throw new CommandFailure(untold));
        WriteRemark(remark);
    }

    /// <summary>One line, whatever the message holds, and never a token, even one that the caller typed in the wrong place.</summary>
    public static void WriteError(string message) => WriteRemark($"archal: {message}");

    public static void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        output.Write("\n"u8);
    }

    /// <summary>The same text on one line, without control characters.</summary>
    public static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim() : text;
}
