using System.Net;

namespace ControlPlane.Gateways;

/// <summary>Whom an address stands for wherever something is counted by address.</summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>The address, an IPv4 one always as such; the /64 of an IPv6 one: whoever has one of those has them all.</summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.GetAddressBytes() is { Length: > PrefixBytes } bytes ? new IPAddress([.. bytes[..PrefixBytes], .. new byte[PrefixBytes]]) : address;
    }
}
