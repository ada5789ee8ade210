namespace ControlPlane.GitHub.Http;

/// <summary>What <c>Accept</c> asks for, as GitHub reads and echoes it.</summary>
/// <param name="Echo">The value of <c>X-GitHub-Media-Type</c>.</param>
/// <param name="Parameter">Such as <c>raw</c> or <c>html</c>; null for plain JSON.</param>
internal readonly record struct MediaType(string Echo, string? Parameter)
{
    private static readonly MediaType Json = new("github.v3; format=json", null);

    public static MediaType Of(string? accept)
    {
        if (string.IsNullOrWhiteSpace(accept))
        {
            return Json;
        }

        foreach (var part in accept.Split(','))
        {
            var type = part.Split(';')[0].Trim().ToLowerInvariant();
            if (type is "*/*" or "application/*" or "application/json")
            {
                return Json;
            }

            if (type.StartsWith("application/vnd.github", StringComparison.Ordinal))
            {
                return Parsed(type["application/vnd.github".Length..]);
            }
        }

        return new MediaType("unknown, github.v3", null);
    }

    // ".v3.raw+json", ".raw+json", ".raw", ".v3+json", "+json" and names of previews that ended long ago.
    private static MediaType Parsed(string rest)
    {
        var suffix = rest.EndsWith("+json", StringComparison.Ordinal);
        var parameter = (suffix ? rest[..^5] : rest).Split('.', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(part => part is not "v3" && !part.EndsWith("-preview", StringComparison.Ordinal));
        return parameter is null or "json"
            ? Json
            : new MediaType($"github.v3; param={parameter}{(suffix ? "; format=json" : "")}", parameter);
    }
}
