using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.Requests;

/// <summary>Reads a small form of <c>application/x-www-form-urlencoded</c>.</summary>
internal static class FormBody
{
    private const int MostBytes = 16 * 1024;

    private static readonly FormOptions Small = new() { ValueCountLimit = 16, KeyLengthLimit = 64, ValueLengthLimit = 4096 };

    public static bool Is(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    /// <exception cref="ControlPlaneException">400 or 413.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (!Is(http.Request))
        {
            throw Invalid.At("Content-Type", "send application/x-www-form-urlencoded.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MostBytes;
        }

        try
        {
            return await new FormFeature(http.Request, Small).ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Invalid.At("body", "it is no form, or too long for one.");
        }
    }

    /// <summary>A field; null: it is absent or empty. Given twice it is refused.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static string? One(this IFormCollection form, string name) => form[name] switch
    {
        [] or [""] => null,
        [{ } value] => value,
        _ => throw Invalid.At(name, "give it once."),
    };
}
