using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.GitHub.Http;

/// <summary>The query as it was sent, in its order; a link to another page repeats it.</summary>
internal sealed class Query
{
    private readonly List<(string Name, string Value, string Raw)> _parameters = [];

    public Query(string raw)
    {
        foreach (var pair in new QueryStringEnumerable(raw))
        {
            var text = pair.EncodedValue.IsEmpty ? $"{pair.EncodedName}=" : $"{pair.EncodedName}={pair.EncodedValue}";
            _parameters.Add((pair.DecodeName().ToString(), pair.DecodeValue().ToString(), text));
        }
    }

    /// <summary>The last value of that name; null where there is none or nothing in it.</summary>
    public string? this[string name] =>
        _parameters.LastOrDefault(parameter => parameter.Name == name).Value is { Length: > 0 } value ? value : null;

    /// <summary>The same query for another page: <c>page</c> is replaced where it stands, or put last.</summary>
    public string WithPage(long page)
    {
        var set = false;
        var parts = new List<string>();
        foreach (var (name, _, raw) in _parameters)
        {
            if (name != "page")
            {
                parts.Add(raw);
            }
            else if (!set)
            {
                parts.Add("page=" + page);
                set = true;
            }
        }

        if (!set)
        {
            parts.Add("page=" + page);
        }

        return "?" + string.Join('&', parts);
    }
}
