namespace ControlPlane.GitHub.Http;

/// <summary>What a path names: a repository by its name or by its id, and what is asked below it; or something outside any repository.</summary>
/// <param name="Rest">The segments that are left, decoded.</param>
/// <param name="Query">As it was sent, with its question mark, or empty.</param>
internal sealed record Target(string? Owner, string? Name, long? Id, string[] Rest, string Query)
{
    private const string Root = "/api";

    // What clients put before every path when they take the clone for an enterprise server, with and without our own root.
    private static readonly string[] Prefixes = [Root + Root + "/v3", Root + "/v3", Root];

    public bool InRepository => Name is not null || Id is not null;

    /// <summary>Reads the raw target; null when it is not the API's.</summary>
    public static Target? Of(string raw)
    {
        var mark = raw.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (raw, "") : (raw[..mark], raw[mark..]);
        foreach (var prefix in Prefixes)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/'))
            {
                return Below(path[prefix.Length..], query);
            }
        }

        return null;
    }

    private static Target Below(string path, string query)
    {
        var segments = path.Length <= 1 ? [] : path[1..].Split('/').Select(Uri.UnescapeDataString).ToArray();
        return segments switch
        {
            ["repos", { Length: > 0 } owner, { Length: > 0 } name, .. var rest] => new Target(owner, name, null, rest, query),
            ["repositories", var id, .. var rest] when long.TryParse(id, out var number) => new Target(null, null, number, rest, query),
            _ => new Target(null, null, null, segments, query),
        };
    }
}
