using System.Security.Cryptography;
using ControlPlane.Credentials;

namespace ControlPlane.Invitations;

/// <summary>
/// The shape of an invitation's code: <c>archal_inv_</c>, 32 of base 62 (190 bits) and 6 of CRC-32 over all before, so that one wrong
/// character is found without a look-up. The code is shown once; its digest is the invitation's key.
/// </summary>
public static class InvitationCode
{
    private const string Prefix = "archal_inv_";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string New()
    {
        var body = Prefix + RandomNumberGenerator.GetString(Base62, Token.SecretLength);
        return body + Token.Checksum(body);
    }

    /// <summary>Whether a text has the shape of an invitation's key.</summary>
    public static bool IsKey(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The key of the invitation that a code opens; null when it does not have the shape of one.</summary>
    public static string? KeyOf(string code) =>
        code.Length == Prefix.Length + Token.SecretLength + Token.ChecksumLength && code.StartsWith(Prefix, StringComparison.Ordinal)
        && code.All(char.IsAscii) && code.AsSpan()[^Token.ChecksumLength..].SequenceEqual(Token.Checksum(code.AsSpan()[..^Token.ChecksumLength]))
            ? TokenDigest.Of(code).ToString()
            : null;
}
