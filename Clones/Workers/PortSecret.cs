using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Workers;

/// <summary>
/// The one credential of the control port. A worker that registers is given it afterwards, and another one each time; until then nothing
/// opens the port. Only a digest is kept.
/// </summary>
internal sealed class PortSecret(string? secret)
{
    private volatile byte[]? _digest = secret is null ? null : Digest(secret);

    public void Become(string next) => _digest = Digest(next);

    /// <summary>Compares in constant time.</summary>
    public bool Is(string given) => _digest is { } digest && CryptographicOperations.FixedTimeEquals(Digest(given), digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
