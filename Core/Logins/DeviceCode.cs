using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Credentials;

namespace ControlPlane.Logins;

/// <summary>
/// The code that a device asks with: the letters of its user code, which name the login, a dot, and 256 random bits as base64url. Its token is
/// derived from those bits and the login's salt and not drawn anew, so that asking again, after a crash in the middle too, can never make a
/// second one. Nobody but the device and whoever answers it has the bits: what is stored is digests, and the salt until the token is out.
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

    /// <summary>
    /// The login token that this code and the salt of its login give. Neither gives it alone: a code that leaks when the salt is gone is worth nothing.
    /// </summary>
    /// <param name="salt">What <see cref="LoginAnswer.Salt"/> says.</param>
    public string Token(string salt) => Credentials.Token.Derive(
        CredentialKind.Login,
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, 256, Convert.FromHexString(salt), Encoding.ASCII.GetBytes("archal device login")));

    /// <summary>A new salt for a login, 256 random bits as hexadecimal digits.</summary>
    public static string NewSalt() => RandomNumberGenerator.GetHexString(2 * SecretBytes, lowercase: true);

    /// <summary>Never the code.</summary>
    public override string ToString() => "a device code";
}
