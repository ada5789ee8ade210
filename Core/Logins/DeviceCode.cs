using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Credentials;

namespace ControlPlane.Logins;

/// <summary>
/// The code that a device asks with: the letters of its user code, which name the login, a dot, and 256 random bits as base64url. Its token is
/// derived from those bits and not drawn anew, so that asking again, after a crash in the middle too, can never make a second one. Nobody
/// but the device and whoever answers it has them: what is stored is digests.
/// </summary>
public sealed record DeviceCode
{
    private const int SecretBytes = 32;
    private const int SecretLength = 43;

    private readonly byte[] _secret;

    private DeviceCode(string letters, byte[] secret, string text) => (Letters, _secret, Text) = (letters, secret, text);

    /// <summary>The eight letters of the user code.</summary>
    public string Letters { get; }

    /// <summary>The whole code.</summary>
    public string Text { get; }

    public TokenDigest Digest => TokenDigest.Of(Text);

    /// <summary>A new one for a user code's letters.</summary>
    public static DeviceCode Create(string letters)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        return new DeviceCode(letters, secret, $"{letters}.{Base64Url.EncodeToString(secret)}");
    }

    /// <summary>Reads one; null when it cannot be ours, found without any look-up.</summary>
    public static DeviceCode? Read(string text)
    {
        if (text.Length != UserCode.Length + 1 + SecretLength || text[UserCode.Length] != '.' || !UserCode.TryRead(text[..UserCode.Length], out var letters)
            || letters != text[..UserCode.Length])
        {
            return null;
        }

        var secret = new byte[SecretBytes];
        return Base64Url.IsValid(text.AsSpan(UserCode.Length + 1)) && Base64Url.TryDecodeFromChars(text.AsSpan(UserCode.Length + 1), secret, out var written)
            && written == SecretBytes
            ? new DeviceCode(letters, secret, text)
            : null;
    }

    /// <summary>The login token that this code gives once somebody lets the device in; until then it opens nothing.</summary>
    public string Token() => Credentials.Token.Derive(
        CredentialKind.Login, HKDF.Expand(HashAlgorithmName.SHA256, _secret, 256, Encoding.ASCII.GetBytes("archal device login")));

    /// <summary>Never the code.</summary>
    public override string ToString() => "a device code";
}
