namespace ControlPlane.GitHub.Http;

/// <summary>Which part of a list was asked for. What is out of range is set right, never refused: GitHub does so.</summary>
internal readonly record struct Page(long Number, int Size)
{
    private const int DefaultSize = 30;
    private const int LargestSize = 100;

    // Far beyond any list, and near enough that a position in the list cannot overflow.
    private const long LastNumber = 1_000_000_000;

    public static Page Of(Query query) => new(
        long.TryParse(query["page"], out var number) && number > 0 ? Math.Min(number, LastNumber) : 1,
        int.TryParse(query["per_page"], out var size) && size > 0 ? Math.Min(size, LargestSize) : DefaultSize);

    public IEnumerable<T> From<T>(IReadOnlyList<T> all)
    {
        for (var index = (Number - 1) * Size; index < Math.Min(Number * Size, all.Count); index++)
        {
            yield return all[(int)index];
        }
    }

    /// <summary>The <c>Link</c> header, relations in GitHub's order; null when everything is on one page.</summary>
    /// <param name="address">The list's canonical address, without a query.</param>
    public string? LinkHeader(int count, string address, Query query)
    {
        var last = Math.Max(1, (count + Size - 1) / Size);
        var links = new List<string>();
        void Add(long page, string relation) => links.Add($"<{address}{query.WithPage(page)}>; rel=\"{relation}\"");
        if (Number > 1)
        {
            Add(Math.Min(Number - 1, last), "prev");
        }

        if (Number < last)
        {
            Add(Number + 1, "next");
            Add(last, "last");
        }

        if (Number > 1)
        {
            Add(1, "first");
        }

        return links.Count == 0 ? null : string.Join(", ", links);
    }
}
