using System.Security.Cryptography;

namespace ControlPlane.Sessions;

/// <summary>Our session ids: <c>ses-</c> and 26 characters that hold 128 random bits, a DNS label (contract 2.9).</summary>
public static class SessionId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return string.Create(30, random, static (text, random) =>
        {
            "ses-".CopyTo(text);
            var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(random);
            for (var place = text.Length - 1; place >= 4; place--)
            {
                text[place] = Alphabet[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }
}
