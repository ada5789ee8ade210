using System.Text;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Headers;

/// <summary>
/// Keeps a clone's cookies with the clone: without <c>Domain</c> they stay on the host that set them, and in the path form, where all
/// clones share one host, <c>Path</c> is the clone's own.
/// </summary>
public static class SetCookie
{
    /// <summary>Rewrites cookies.</summary>
    /// <param name="path">The path that each cookie gets; null leaves it as it is.</param>
    public static StringValues Rewrite(StringValues cookies, string? path)
    {
        var rewritten = new string[cookies.Count];
        for (var at = 0; at < cookies.Count; at++)
        {
            rewritten[at] = Rewrite(cookies[at] ?? "", path);
        }

        return rewritten;
    }

    private static string Rewrite(string cookie, string? path)
    {
        var kept = new StringBuilder(cookie.Length + 64);
        foreach (var range in cookie.AsSpan().Split(';'))
        {
            var part = cookie.AsSpan(range);
            if (kept.Length > 0 && (IsAttribute(part, "Domain") || (path is not null && IsAttribute(part, "Path"))))
            {
                continue;
            }

            kept.Append(kept.Length > 0 ? ";" : "").Append(part);
        }

        return path is null ? kept.ToString() : kept.Append("; Path=").Append(path).ToString();
    }

    private static bool IsAttribute(ReadOnlySpan<char> part, string name)
    {
        var equals = part.IndexOf('=');
        return (equals < 0 ? part : part[..equals]).Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
