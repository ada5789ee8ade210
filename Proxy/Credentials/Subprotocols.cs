using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Credentials;

/// <summary>
/// What a WebSocket client offers as subprotocols. One that cannot set headers (a browser) puts its credential among them, as
/// <c>archal.bearer.&lt;base64url of the token&gt;</c>.
/// </summary>
/// <param name="HasCredential">Whether a credential is among them, in whatever shape.</param>
/// <param name="Token">The credential; null when it is doubled, stands alone or cannot be read.</param>
/// <param name="Others">What the clone sees: the rest, in the caller's order; null when nothing is left.</param>
public readonly record struct Subprotocols(bool HasCredential, string? Token, string? Others)
{
    private const string Prefix = "archal.bearer.";

    /// <summary>Whether one subprotocol is a credential.</summary>
    public static bool IsCredential(ReadOnlySpan<char> protocol) => protocol.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes the credential out of an offer.</summary>
    public static Subprotocols Read(StringValues offer)
    {
        List<string> others = [];
        List<string> credentials = [];
        foreach (var line in offer)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var protocol = line.AsSpan(range).Trim();
                if (!protocol.IsEmpty)
                {
                    (IsCredential(protocol) ? credentials : others).Add(new string(protocol));
                }
            }
        }

        // Alone it may not stand: a server has to choose one of what was offered, and this one it may never echo.
        var token = credentials.Count == 1 && others.Count > 0 ? Decode(credentials[0].AsSpan(Prefix.Length)) : null;
        return new Subprotocols(credentials.Count > 0, token, others.Count > 0 ? string.Join(", ", others) : null);
    }

    private static string? Decode(ReadOnlySpan<char> base64Url)
    {
        const int Longest = 1024;
        if (base64Url.IsEmpty || base64Url.Length > Longest || !Base64Url.IsValid(base64Url))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Longest];
        var token = bytes[..Base64Url.DecodeFromChars(base64Url, bytes)];
        var isPlain = !token.IsEmpty && !token.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !token.Contains((byte)',');
        return isPlain ? Encoding.ASCII.GetString(token) : null;
    }
}
