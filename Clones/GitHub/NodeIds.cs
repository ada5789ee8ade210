using System.Buffers.Binary;
using System.Buffers.Text;

namespace ControlPlane.GitHub;

/// <summary>
/// GitHub's global ids: a prefix and msgpack in base64url. A thing of its own is <c>[0, id]</c>, one in a repository <c>[0, repository, id]</c>;
/// ids have four bytes while they fit, else eight.
/// </summary>
internal static class NodeIds
{
    public static string Of(string prefix, params ReadOnlySpan<long> ids)
    {
        Span<byte> bytes = stackalloc byte[2 + (ids.Length * 9)];
        bytes[0] = (byte)(0x91 + ids.Length);
        bytes[1] = 0;
        var end = 2;
        foreach (var id in ids)
        {
            if (id <= uint.MaxValue)
            {
                bytes[end] = 0xCE;
                BinaryPrimitives.WriteUInt32BigEndian(bytes[(end + 1)..], (uint)id);
                end += 5;
            }
            else
            {
                bytes[end] = 0xCF;
                BinaryPrimitives.WriteInt64BigEndian(bytes[(end + 1)..], id);
                end += 9;
            }
        }

        return prefix + "_" + Base64Url.EncodeToString(bytes[..end]);
    }
}
