using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Requests;

/// <summary>
/// Reads a request's JSON strictly: at most 1 MiB unless said otherwise, valid UTF-8, names in their one spelling and once each, numbers as numbers. What is wrong
/// is named by its place, never by a type of ours.
/// </summary>
internal static class JsonBody
{
    private const int Mebibyte = 1024 * 1024;
    private const int MostBytes = Mebibyte;

    /// <summary>Kept well below what a record may be nested, for some of it is kept as it came.</summary>
    internal const int DeepestNesting = 32;

    private const int LongestPlace = 100;

    private static readonly JsonSerializerOptions Strict = new(ContractsJson.Default.Options)
    {
        AllowDuplicateProperties = false, MaxDepth = DeepestNesting, NumberHandling = JsonNumberHandling.Strict, PropertyNameCaseInsensitive = false,
    };

    /// <summary>The body as <typeparamref name="T"/>.</summary>
    /// <exception cref="ControlPlaneException">400 or 413.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http, CancellationToken cancellationToken, int most = MostBytes) where T : class =>
        await ReadIfAnyAsync<T>(http, cancellationToken, most) ?? throw NoBody();

    /// <summary>The same; null when there is no body.</summary>
    public static async Task<T?> ReadIfAnyAsync<T>(HttpContext http, CancellationToken cancellationToken, int most = MostBytes) where T : class
    {
        var bytes = await BytesAsync(http.Request, most, cancellationToken);
        return bytes.Length == 0 ? null : Parse<T>(bytes);
    }

    private static T Parse<T>(byte[] bytes) where T : class
    {
        if (!Utf8.IsValid(bytes))
        {
            throw Invalid.At("body", "it is not UTF-8.");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, (JsonTypeInfo<T>)Strict.GetTypeInfo(typeof(T))) ?? throw NoBody();
        }
        catch (JsonException problem)
        {
            throw Fault(problem);
        }
    }

    /// <summary>The place is the caller's own words; the reason is ours, because the reader's names our types.</summary>
    internal static ControlPlaneException Fault(JsonException problem)
    {
        var place = problem.Path is { Length: > 2 } path ? path[(path[1] == '.' ? 2 : 1)..] : "body";
        place = place.Length > LongestPlace ? place[..LongestPlace] + "…" : place;
        var at = $"(line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1})";
        return Invalid.At(place, $"it is unknown, given twice, of the wrong type, nested too deeply or not JSON {at}.");
    }

    /// <exception cref="ControlPlaneException">413: the body says that it is larger.</exception>
    internal static void MustFit(HttpRequest request, int most)
    {
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        MustFit(request, most);
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > most)
            {
                body.AdvanceTo(read.Buffer.End);
                throw TooLarge(most);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    internal static ControlPlaneException NoBody() => Invalid.At("body", "send a JSON object.");

    internal static ControlPlaneException TooLarge(int most) => new(ErrorCode.BodyTooLarge, $"The body is larger than {most / Mebibyte} MiB.");
}
