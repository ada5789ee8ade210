using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Credentials;

/// <summary>
/// The shape of our tokens (contract 2.9): a prefix that names the kind, 12 characters that name the credential, 32 of secret and 6 of
/// CRC-32 over all before them, so that one wrong character is found without a look-up.
/// </summary>
public static class Token
{
    public const int IdLength = 12;
    public const int SecretLength = 32;
    public const int ChecksumLength = 6;

    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(Base36);
    private static readonly SearchValues<char> SecretCharacters = SearchValues.Create(Base62);

    /// <summary>A new token of a kind for a credential id. It exists in the answer to its creation and nowhere else.</summary>
    public static string Create(CredentialKind kind, string id)
    {
        var body = $"{Prefix(kind)}{id}_{RandomNumberGenerator.GetString(Base62, SecretLength)}";
        return body + Checksum(body);
    }

    /// <summary>The one token that these bytes give: the same bytes, the same credential id and secret.</summary>
    /// <param name="material">256 bytes, as random as the token is to be.</param>
    public static string Derive(CredentialKind kind, ReadOnlySpan<byte> material)
    {
        var id = Letters(material[..64], Base36, IdLength);
        var body = $"{Prefix(kind)}{id}_{Letters(material[64..], Base62, SecretLength)}";
        return body + Checksum(body);
    }

    /// <summary>A new credential id.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(Base36, IdLength);

    /// <summary>Whether a text could be a credential's id.</summary>
    public static bool IsId(string text) => text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Reads kind and credential id from a token; false when it does not have the shape of one of ours.</summary>
    public static bool TryParse(ReadOnlySpan<char> token, out CredentialKind kind, out string id)
    {
        id = "";
        if (!TryKind(token, out kind))
        {
            return false;
        }

        var rest = token[Prefix(kind).Length..];
        if (rest.Length != IdLength + 1 + SecretLength + ChecksumLength || rest[IdLength] != '_'
            || rest[..IdLength].ContainsAnyExcept(IdCharacters) || rest[(IdLength + 1)..].ContainsAnyExcept(SecretCharacters)
            || !token[^ChecksumLength..].SequenceEqual(Checksum(token[..^ChecksumLength])))
        {
            return false;
        }

        id = new string(rest[..IdLength]);
        return true;
    }

    /// <summary>The start of a token that lists may show: prefix and credential id.</summary>
    public static string Shown(CredentialKind kind, string id) => $"{Prefix(kind)}{id}";

    /// <summary>Every letter equally likely: a byte past the last whole round of the alphabet is left out.</summary>
    /// <exception cref="InvalidOperationException">The bytes did not suffice, which random ones always do.</exception>
    private static string Letters(ReadOnlySpan<byte> material, string alphabet, int length)
    {
        Span<char> letters = stackalloc char[length];
        var filled = 0;
        foreach (var value in material)
        {
            if (filled < length && value < byte.MaxValue / alphabet.Length * alphabet.Length)
            {
                letters[filled++] = alphabet[value % alphabet.Length];
            }
        }

        return filled == length ? new string(letters) : throw new InvalidOperationException("The bytes do not suffice for a token.");
    }

    private static bool TryKind(ReadOnlySpan<char> token, out CredentialKind kind)
    {
        foreach (var candidate in (ReadOnlySpan<CredentialKind>)[CredentialKind.WorkspaceKey, CredentialKind.Login, CredentialKind.Personal])
        {
            if (token.StartsWith(Prefix(candidate)))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }

    private static string Prefix(CredentialKind kind) => kind switch
    {
        CredentialKind.WorkspaceKey => "archal_ws_",
        CredentialKind.Personal => "arc_",
        CredentialKind.Login => "archal_login_",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>CRC-32 (IEEE 802.3) in six digits of base 62, most significant first.</summary>
    internal static string Checksum(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[text.Length];
        var count = Encoding.ASCII.GetBytes(text, bytes);
        var crc = uint.MaxValue;
        foreach (var value in bytes[..count])
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
            }
        }

        crc = ~crc;
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var place = ChecksumLength - 1; place >= 0; place--)
        {
            (crc, var digit) = Math.DivRem(crc, 62u);
            digits[place] = Base62[(int)digit];
        }

        return new string(digits);
    }
}
