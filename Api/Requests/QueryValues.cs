using System.Globalization;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Requests;

/// <summary>Reads a query's values, each given once at most.</summary>
internal static class QueryValues
{
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
}
