namespace ControlPlane.Sessions;

/// <summary>Options of the form <c>key=value</c> or <c>key:value</c>.</summary>
internal static class Pairs
{
    /// <returns>Null when there are none.</returns>
    /// <exception cref="CommandFailure">One has another form, or a key is there twice.</exception>
    public static Dictionary<string, string>? Read(IReadOnlyCollection<string> texts, char separator, string option, string form)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            if (text.Split(separator, 2) is not [{ Length: > 0 } key, { Length: > 0 } value])
            {
                throw CommandFailure.WrongUse($"{option} {text}: it should be {form}.");
            }

            if (!pairs.TryAdd(key, value))
            {
                throw CommandFailure.WrongUse($"{option} names {key} twice.");
            }
        }

        return pairs.Count == 0 ? null : pairs;
    }

    /// <summary>In one order, so that the same order given in another one is the same request.</summary>
    public static IReadOnlyDictionary<string, string>? Sorted(Dictionary<string, string>? pairs) =>
        pairs is null ? null : new SortedDictionary<string, string>(pairs, StringComparer.Ordinal);
}
