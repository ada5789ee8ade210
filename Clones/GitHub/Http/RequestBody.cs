using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.GitHub.Http;

/// <summary>What a request brought along: an object, something else, or nothing, which counts as an empty object.</summary>
internal sealed class RequestBody : IDisposable
{
    private readonly JsonDocument? _document;

    private RequestBody(JsonDocument? document) => _document = document;

    public bool IsJson => _document is not null;

    public bool IsObject => _document?.RootElement.ValueKind == JsonValueKind.Object;

    /// <summary>The object, once <see cref="IsObject"/>.</summary>
    public JsonElement Root => _document!.RootElement;

    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken token)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, token);
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
