using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.GitHub.Http;

/// <summary>What a request brought along: an object, something else, or nothing, which counts as an empty object.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>More than any operation needs; it is held in memory as it is read.</summary>
    private const int MostBytes = 32 * 1024 * 1024;

    private readonly JsonDocument? _document;

    private RequestBody(JsonDocument? document) => _document = document;

    public bool IsJson => _document is not null;

    public bool IsObject => _document?.RootElement.ValueKind == JsonValueKind.Object;

    /// <summary>The object, once <see cref="IsObject"/>.</summary>
    public JsonElement Root => _document!.RootElement;

    /// <summary>Reads it; null when it is larger than is taken, and then only as far as it takes to know that.</summary>
    public static async Task<RequestBody?> ReadAsync(HttpRequest request, CancellationToken token)
    {
        if (request.ContentLength > MostBytes)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await request.Body.ReadAsync(chunk, token) is > 0 and var read)
        {
            if (bytes.Length + read > MostBytes)
            {
                return null;
            }

            bytes.Write(chunk, 0, read);
        }

        return new RequestBody(Parsed(bytes.Length == 0 ? "{}"u8.ToArray() : bytes.ToArray()));
    }

    public void Dispose() => _document?.Dispose();

    private static JsonDocument? Parsed(byte[] json)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(json);
            ReadAll(document.RootElement);
            return document;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            return null;
        }
    }

    // Half of a surrogate pair passes the parser and throws when the text is asked for; better here than in an operation.
    private static void ReadAll(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadAll(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadAll(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            default:
                break;
        }
    }
}
