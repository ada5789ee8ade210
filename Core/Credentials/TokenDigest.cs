using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Credentials;

/// <summary>The SHA-256 of a whole token: the only form in which a token is compared, kept or sent on.</summary>
public readonly record struct TokenDigest(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The digest of a token; its characters are ASCII, anything else cannot be one of ours.</summary>
    public static TokenDigest Of(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = token.Length <= 256 ? stackalloc byte[token.Length * 3] : new byte[token.Length * 3];
        Span<byte> hash = stackalloc byte[32];
        var written = Encoding.UTF8.GetBytes(token, bytes);
        SHA256.HashData(bytes[..written], hash);
        CryptographicOperations.ZeroMemory(bytes);
        var words = MemoryMarshal.Cast<byte, ulong>(hash);
        return new TokenDigest(words[0], words[1], words[2], words[3]);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(TokenDigest other) => ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;

    /// <summary>The 64 hexadecimal digits that a record stores.</summary>
    public override string ToString()
    {
        var words = this;
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref words, 1)));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    public static TokenDigest Parse(string text)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(Convert.FromHexString(text));
        return words.Length == 4 ? new TokenDigest(words[0], words[1], words[2], words[3]) : throw new FormatException("A digest has 64 digits.");
    }
}
