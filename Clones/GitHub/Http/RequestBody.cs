using System.Text.Json;
using ControlPlane.Workers;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.GitHub.Http;

/// <summary>What a request brought along: an object, something else, or nothing, which counts as an empty object.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>More than any operation needs: the longest text is an issue's, of 65 536 characters, each at most twelve bytes of JSON.</summary>
    private const int MostBytes = 1024 * 1024;

    // The parser's table has twelve bytes for each part of a body, the shortest of which are two bytes long, and it grows by doubling.
    private const int TableBytes = 12;

    private readonly JsonDocument? _document;
    private readonly BodyRoom.Part _room;

    private RequestBody(JsonDocument? document, BodyRoom.Part room) => (_document, _room) = (document, room);

    public bool IsJson => _document is not null;

    public bool IsObject => _document?.RootElement.ValueKind == JsonValueKind.Object;

    /// <summary>The object, once <see cref="IsObject"/>.</summary>
    public JsonElement Root => _document!.RootElement;

    /// <summary>Reads it, or says why not: it is larger than is taken, and then only as far as it takes to know that, or there is no room for it now.</summary>
    public static async Task<(RequestBody? Body, Answer? Refused)> ReadAsync(HttpRequest request, BodyRoom room, CancellationToken token)
    {
        if (request.ContentLength > MostBytes)
        {
            return (null, Refusals.TooLarge);
        }

        RequestBody? body = null;
        var part = room.Open();
        try
        {
            // Memory is taken for what has come, and not for what is announced.
            var bytes = new byte[Math.Min((request.ContentLength ?? BodyRoom.Small) + 1, BodyRoom.Small)];
            var length = 0;
            while (await request.Body.ReadAsync(bytes.AsMemory(length), token) is > 0 and var read)
            {
                length += read;
                if (length > MostBytes)
                {
                    return (null, Refusals.TooLarge);
                }

                if (length == bytes.Length)
                {
                    // One byte more than the most, so that there is room to find out that it is too much.
                    var larger = Math.Min(bytes.Length * 2, MostBytes + 1);
                    if (!part.TryHold(larger))
                    {
                        return (null, Refusals.Busy);
                    }

                    Array.Resize(ref bytes, larger);
                }
            }

            if (!part.TryHold(length <= BodyRoom.Small ? 0 : bytes.Length + ((long)length * TableBytes)))
            {
                return (null, Refusals.Busy);
            }

            body = new RequestBody(Parsed(length == 0 ? "{}"u8.ToArray() : bytes.AsMemory(0, length)), part);
            return (body, null);
        }
        finally
        {
            if (body is null)
            {
                part.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _document?.Dispose();
        _room.Dispose();
    }

    private static JsonDocument? Parsed(ReadOnlyMemory<byte> json)
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
