using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Requests;

/// <summary>Reads a query's values, each given once at most.</summary>
internal static class QueryValues
{
    private const int LongestNumber = 100;

    /// <summary>The value; null when it is absent.</summary>
    /// <exception cref="ControlPlaneException">400: it was given twice, or is empty.</exception>
    public static string? One(this IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [{ Length: > 0 } value] => value,
        [_] => throw Invalid.At(name, "it is empty."),
        _ => throw Invalid.At(name, "give it once."),
    };

    /// <summary>A number within its range.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static int Number(this IQueryCollection query, string name, int least, int most, int absent) => query.One(name) is not { } text
        ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid.At(name, $"{least} to {most}.");

    /// <summary>How many are wanted, of a list whose callers may ask for any number: from 1, and cut to what one page has.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static int Limit(this IQueryCollection query, string name, int most, int absent) => query.One(name) is not { } text
        ? absent
        : BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && text.Length <= LongestNumber && number >= 1
            ? (int)BigInteger.Min(number, most)
            : throw Invalid.At(name, "a whole number from 1.");

    /// <summary>True or false; false when it is absent.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static bool Flag(this IQueryCollection query, string name) => query.One(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Invalid.At(name, "true or false."),
    };

    /// <summary>A moment as RFC 3339 writes it; null when it is absent.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static DateTimeOffset? Moment(this IQueryCollection query, string name) => query.One(name) is not { } text
        ? null
        : HasZone(text) && JsonSerializer.SerializeToElement(text, ContractsJson.Default.String).TryGetDateTimeOffset(out var moment)
            ? moment
            : throw Invalid.At(name, "a time as RFC 3339 writes it, such as 2026-01-31T12:00:00Z; in a URL a + is written %2B.");

    private static bool HasZone(string text) =>
        text.Contains('T', StringComparison.Ordinal) && (text[^1] == 'Z' || (text.Length > 6 && text[^6] is '+' or '-'));
}
