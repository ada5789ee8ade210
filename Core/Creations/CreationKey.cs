using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Creations;

/// <summary>How creations are named and compared. Neither a caller's key nor a body is in a name or a record: digests stand for them.</summary>
public static class CreationKey
{
    /// <summary>No key is longer (contract 1.3).</summary>
    public const int Longest = 200;

    /// <summary>The key of the entity: the workspace and the digest of what the caller calls it.</summary>
    public static string Of(string workspaceId, string idempotencyKey) => $"{workspaceId}/{Digest(Encoding.UTF8.GetBytes(idempotencyKey))}";

    /// <summary>The digest of all that decides what is made: who makes it, and the canonical request.</summary>
    public static string Fingerprint(string callerName, ReadOnlySpan<byte> canonical)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(callerName));
        digest.AppendData([0]);
        digest.AppendData(canonical);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
