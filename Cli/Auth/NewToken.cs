using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Auth;

/// <summary>
/// Makes a personal token of the shape in contract 2.9, for the first start of a cluster. The server has its own reader of that shape: a
/// token that is wrong here is refused there at once.
/// </summary>
internal static class NewToken
{
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Personal()
    {
        var body = $"arc_{RandomNumberGenerator.GetString(Base36, 12)}_{RandomNumberGenerator.GetString(Base62, 32)}";
        return body + Digits(Crc32(Encoding.ASCII.GetBytes(body)));
    }

    /// <summary>IEEE 802.3, as zip and PNG use it.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            }
        }

        return ~crc;
    }

    /// <summary>Six of base 62, most significant first.</summary>
    private static string Digits(uint value) => string.Create(6, value, static (text, value) =>
    {
        for (var place = text.Length - 1; place >= 0; place--)
        {
            (value, var digit) = Math.DivRem(value, 62u);
            text[place] = Base62[(int)digit];
        }
    });
}
