using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.BadInput;

/// <summary>One operation as <c>/openapi/v1.json</c> describes it, so that one that is new is tried without a change here.</summary>
/// <param name="Bodies">The schema of its body by media type; none: it takes no body.</param>
internal sealed record Described(
    string Method, string Path, IReadOnlyList<string> PathNames, IReadOnlyList<string> Queries, IReadOnlyList<string> Headers,
    IReadOnlyDictionary<string, JsonElement> Bodies, bool BodyRequired, bool NeedsToken)
{
    public static async Task<(IReadOnlyList<Described> Operations, JsonElement Schemas)> ReadAsync(StandaloneProcess program)
    {
        var document = await program.CallAsync(HttpMethod.Get, "/openapi/v1.json", program.OwnerToken);

        // What a clone answers to bad input is the clone's.
        return (
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(
                static path => path.Name.StartsWith("/runtime/", StringComparison.Ordinal) ? default : path.Value.EnumerateObject(), static (path, operation) => Of(operation.Name.ToUpperInvariant(), path.Name, operation.Value)),
        ],
        document.GetProperty("components").GetProperty("schemas"));
    }

    private static Described Of(string method, string path, JsonElement operation)
    {
        var parameters = operation.TryGetProperty("parameters", out var given) ? given.EnumerateArray().ToList() : [];
        IReadOnlyList<string> In(string place) =>
            [.. parameters.Where(one => one.GetProperty("in").GetString() == place).Select(one => one.GetProperty("name").GetString()!)];
        var takesBody = operation.TryGetProperty("requestBody", out var body);
        return new Described(
            method, path, [.. path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'))], In("query"), In("header"),
            takesBody
                ? body.GetProperty("content").EnumerateObject().ToDictionary(media => media.Name, media => media.Value.GetProperty("schema"))
                : new Dictionary<string, JsonElement>(),
            takesBody && body.TryGetProperty("required", out var required) && required.GetBoolean(),
            operation.TryGetProperty("security", out _));
    }
}
