using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ControlPlane.Errors;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Sessions;

/// <summary>
/// The body of <c>POST …/seed</c> (<see cref="SeedCloneRequest"/>), of which the state is passed on as it came: it is checked to be JSON, in one
/// pass that builds nothing of it, and cut out of the body without a copy. What is in it the worker judges.
/// </summary>
internal sealed record SeedBody(string? Seed, ReadOnlyMemory<byte>? State)
{
    private const int LongestPlace = 100;

    /// <summary>Where a body that does not say its length begins, to grow twofold.</summary>
    private const int FirstBytes = 64 * 1024;

    /// <summary>Reads it into one array of its length.</summary>
    /// <param name="most">Beyond so many bytes it is refused.</param>
    /// <exception cref="ControlPlaneException">400 or 413.</exception>
    public static async Task<SeedBody> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        JsonBody.MustFit(request, most);
        var bytes = new byte[request.ContentLength ?? FirstBytes];
        var count = 0;
        while (true)
        {
            if (count == bytes.Length)
            {
                if (request.ContentLength is not null)
                {
                    break;
                }

                Array.Resize(ref bytes, count > most ? throw JsonBody.TooLarge(most) : Math.Min(2 * count, most + 1));
            }

            var read = await request.Body.ReadAsync(bytes.AsMemory(count), cancellationToken);
            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return count > most ? throw JsonBody.TooLarge(most) : Parse(bytes.AsMemory(0, count));
    }

    /// <summary>Cuts it apart.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    internal static SeedBody Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            throw JsonBody.NoBody();
        }

        if (!Utf8.IsValid(body.Span))
        {
            throw Invalid.At("body", "it is not UTF-8.");
        }

        try
        {
            var (seed, state) = Cut(body);
            return seed is null == state is null
                ? throw Invalid.At("body", "give either seed, the name of one, or state, a whole one.")
                : new SeedBody(seed, state);
        }
        catch (JsonException problem)
        {
            throw JsonBody.Fault(problem);
        }
    }

    private static (string? Seed, ReadOnlyMemory<byte>? State) Cut(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = JsonBody.DeepestNesting });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw JsonBody.NoBody();
        }

        string? seed = null;
        ReadOnlyMemory<byte>? state = null;
        var (seenSeed, seenState) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!seenSeed && reader.ValueTextEquals("seed"u8))
            {
                (seenSeed, seed) = (true, ReadSeed(ref reader));
            }
            else if (!seenState && reader.ValueTextEquals("state"u8))
            {
                (seenState, state) = (true, ReadState(ref reader, body));
            }
            else
            {
                var name = Encoding.UTF8.GetString(reader.ValueSpan);
                throw Invalid.At(name.Length > LongestPlace ? name[..LongestPlace] + "…" : name, "it is unknown or given twice.");
            }
        }

        // Nothing may follow it; the reader throws if something does.
        reader.Read();
        return (seed, state);
    }

    private static string? ReadSeed(ref Utf8JsonReader reader)
    {
        reader.Read();
        try
        {
            return reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw Invalid.At("seed", "it must be a string.");
        }
        catch (InvalidOperationException)
        {
            throw Invalid.At("seed", "it is no text: half of a surrogate pair is in it.");
        }
    }

    private static ReadOnlyMemory<byte>? ReadState(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return reader.TokenType == JsonTokenType.Null ? default(ReadOnlyMemory<byte>?) : body[start..(int)reader.BytesConsumed];
    }
}
