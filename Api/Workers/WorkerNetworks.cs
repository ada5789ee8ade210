using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Workers;

/// <summary>The networks that workers may be in.</summary>
internal sealed class WorkerNetworks(IEnumerable<string> networks)
{
    private static readonly string[] Loopback = ["127.0.0.0/8", "::1/128"];

    private readonly IReadOnlyList<IPNetwork> _networks =
        [.. (networks.Any() ? networks : Loopback).Select(text => IPNetwork.Parse(text))];

    public bool Allow(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && _networks.Any(network => network.Contains(plain));
    }

    /// <summary>
    /// A worker's address with its name resolved, so that what was checked is what is called later; null when it is no plain
    /// <c>http://host:port</c>, cannot be resolved, or any address that it stands for is outside.
    /// </summary>
    public async Task<Uri?> ResolveAsync(Uri? url, CancellationToken cancellationToken)
    {
        if (url is not { IsAbsoluteUri: true, Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" })
        {
            return null;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.IdnHost, cancellationToken);
            return addresses.Length > 0 && addresses.All(Allow)
                ? new UriBuilder(url.Scheme, addresses[0].ToString(), url.Port).Uri
                : null;
        }
        catch (Exception problem) when (problem is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
