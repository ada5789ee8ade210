namespace ControlPlane.Workers;

/// <summary>What is wrong with a start, in a sentence, before anything is decided.</summary>
internal static class PlacementStartFault
{
    private const int LongestKey = 256;

    public static string? In(PlacementStart start, IReadOnlyDictionary<string, IClone> clones)
    {
        // The serializer leaves null what the JSON left out.
        if (start is not { Epoch: > 0, Key.Length: > 0 and <= LongestKey, Clones.Count: > 0 } || start.Key.Contains('.'))
        {
            return "A placement has an epoch from 1, a key of at most 256 characters without a dot, and at least one clone.";
        }

        foreach (var (name, seed) in start.Clones)
        {
            if (!clones.TryGetValue(name, out var clone))
            {
                return $"There is no clone '{name}' here. Known: {string.Join(", ", clones.Keys)}.";
            }

            if (clone.Catalogue.Seeds.All(known => known.Id != seed))
            {
                return $"{name} has no seed '{seed}'. Known: {string.Join(", ", clone.Catalogue.Seeds.Select(known => known.Id))}.";
            }
        }

        return null;
    }
}

internal static class Names
{
    private const int Longest = 128;

    /// <summary>Plain lower-case letters, digits, <c>_</c> and <c>-</c>: safe in a URL, a ticket and a file name.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= Longest && name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');
}
