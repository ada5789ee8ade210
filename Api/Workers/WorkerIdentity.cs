using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Workers;

/// <summary>
/// Who a worker is. Its id is made of its secret's digest, so that every silo can tell the worker from whoever only knows its id, with
/// nothing stored anywhere: also after all of them have been restarted.
/// </summary>
/// <param name="Secret">256 random bits.</param>
internal sealed record WorkerIdentity(string WorkerId, string Secret)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>130 bits of the digest: nobody finds another secret for the same id.</summary>
    private const int Letters = 26;

    private const int LongestSecret = 128;

    public static WorkerIdentity New()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new WorkerIdentity(IdOf(secret), secret);
    }

    /// <summary>Whether this secret is that worker's; takes as long when it is not.</summary>
    public static bool Proves(string secret, string workerId) => secret.Length <= LongestSecret
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(IdOf(secret)), Encoding.UTF8.GetBytes(workerId));

    public override string ToString() => WorkerId;

    private static string IdOf(string secret)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes("worker id " + secret));
        return "wrk-" + string.Create(Letters, digest, static (id, digest) =>
        {
            for (var letter = 0; letter < id.Length; letter++)
            {
                id[letter] = Alphabet[digest[letter] & 31];
            }
        });
    }
}
