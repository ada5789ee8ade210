using System.Text;

namespace ControlPlane.GitHub.Http;

/// <summary>
/// Which sort of credential a request brought. Any that is not empty is the seed's one user; the value itself is looked at here and kept
/// nowhere, because it may be a live token of the platform.
/// </summary>
internal enum Credential
{
    None,

    /// <summary>A classic token: answers name its scopes.</summary>
    Classic,

    /// <summary>A fine-grained or an app's token: answers name permissions instead.</summary>
    FineGrained,
}

internal static class Credentials
{
    private static readonly string[] FineGrainedPrefixes = ["github_pat_", "ghs_", "ghu_"];

    public static Credential In(Microsoft.Extensions.Primitives.StringValues authorization)
    {
        if (authorization is not [{ } value] || value.IndexOf(' ', StringComparison.Ordinal) is not (> 0 and var space))
        {
            return Credential.None;
        }

        var given = value[space..].Trim();
        var token = value[..space].ToUpperInvariant() switch
        {
            "BEARER" or "TOKEN" => given,
            "BASIC" => OfBasic(given),
            _ => "",
        };
        return token.Length == 0 ? Credential.None
            : FineGrainedPrefixes.Any(prefix => token.StartsWith(prefix, StringComparison.Ordinal)) ? Credential.FineGrained
            : Credential.Classic;
    }

    // user:token, or the token in the place of the user with nothing behind it.
    private static string OfBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return "";
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts is [_, { Length: > 0 } password] ? password : parts[0];
    }
}
