using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.GitHub.Http;

/// <summary>Whether the caller already has what would be sent.</summary>
internal static class Validators
{
    /// <summary>A strong tag: nothing is compressed here. It covers the form that was asked for, which the same body may be sent in.</summary>
    public static string ETag(byte[] body, MediaType media)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(media.Echo));
        hash.AppendData(body);
        return '"' + Convert.ToHexStringLower(hash.GetHashAndReset()) + '"';
    }

    /// <summary><c>If-None-Match</c> is compared weakly and, where it is there, alone decides.</summary>
    public static bool HasIt(IHeaderDictionary request, string tag, DateTimeOffset? modified)
    {
        if (request.IfNoneMatch.Count > 0)
        {
            return request.IfNoneMatch.ToString().Split(',').Select(given => given.Trim())
                .Any(given => given == "*" || (given.StartsWith("W/", StringComparison.Ordinal) ? given[2..] : given) == tag);
        }

        return modified is { } changed
            && DateTimeOffset.TryParse(
                request.IfModifiedSince, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
            && changed <= since;
    }
}
