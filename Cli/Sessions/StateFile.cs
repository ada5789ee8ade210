using System.Text.Json;

namespace ControlPlane.Sessions;

/// <summary>A clone's whole state, or what else is one JSON object, in a file or on standard input.</summary>
internal static class StateFile
{
    /// <summary>What the server takes.</summary>
    private const int MostBytes = 32 * 1024 * 1024;

    /// <param name="name">A path, or <c>-</c> for standard input.</param>
    /// <param name="what">What it should hold.</param>
    /// <exception cref="CommandFailure">It cannot be read, or is no JSON object.</exception>
    public static async Task<JsonElement> ReadAsync(string name, CancellationToken cancellationToken, string what = "state")
    {
        try
        {
            await using var stream = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
            var content = new byte[64 * 1024];
            var length = 0;
            for (int read; (read = await stream.ReadAsync(content.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length > MostBytes)
                {
                    throw CommandFailure.WrongUse($"{name} is larger than 32 MiB, which is the most that a server takes.");
                }

                Array.Resize(ref content, length == content.Length ? length * 2 : content.Length);
            }

            using var document = JsonDocument.Parse(content.AsMemory(0, length));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw CommandFailure.WrongUse($"{name} is not a {what}: it should be one JSON object.");
        }
        catch (JsonException fault)
        {
            throw CommandFailure.WrongUse($"{name} is not JSON, at line {fault.LineNumber + 1}.");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFailure.WrongUse($"There is no file {name}.");
        }
    }
}
