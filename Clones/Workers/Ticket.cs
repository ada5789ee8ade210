using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Workers;

/// <summary>What a request carries to be let in: <c>x-clone-ticket: session.clone.epoch.key</c>.</summary>
internal readonly record struct Ticket(string Session, string CloneName, long Epoch, string Key)
{
    private static readonly byte[] None = new byte[SHA256.HashSizeInBytes];

    /// <summary>The ticket in the only value of the header, or null.</summary>
    public static Ticket? Parse(string? value)
    {
        var parts = value?.Length <= 512 ? value.Split('.') : [];
        return parts is [{ Length: > 0 } session, { Length: > 0 } clone, var digits, { Length: > 0 } key]
            && long.TryParse(digits, System.Globalization.NumberStyles.None, null, out var epoch)
            ? new Ticket(session, clone, epoch, key)
            : null;
    }

    /// <summary>A placement's key is kept as this alone.</summary>
    public static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Takes as long whether the key is right or wrong, and whether there is a placement or none.</summary>
    public bool Opens(PlacementRecord? placement) =>
        CryptographicOperations.FixedTimeEquals(Digest(Key), placement?.KeyDigest ?? None)
        && placement is not null
        && placement.Epoch == Epoch
        && placement.Clones.ContainsKey(CloneName);
}
