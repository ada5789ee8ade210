using System.Net;
using System.Net.Sockets;
using ControlPlane.Errors;

namespace ControlPlane.Workers;

/// <summary>The networks that workers may be in.</summary>
internal sealed class WorkerNetworks(IEnumerable<string> networks, NameResolver resolve, TimeProvider time)
{
    private static readonly string[] Loopback = ["127.0.0.0/8", "::1/128"];

    /// <summary>Less than a worker waits for an answer, so that it is told; a resolver that loses questions takes many seconds.</summary>
    private static readonly TimeSpan ResolveWithin = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IPNetwork> _networks =
        [.. (networks.Any() ? networks : Loopback).Select(text => IPNetwork.Parse(text))];

    public bool Allow(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && _networks.Any(network => network.Contains(plain));
    }

    /// <summary>
    /// A worker's address with its name resolved, so that what was checked is what is called later; null when it is no plain
    /// <c>http://host:port</c>, or any address that it stands for is outside.
    /// </summary>
    /// <param name="known">
    /// Where the worker was found last. Of several addresses of a name this one is kept: another would be a move, which takes facts back and
    /// cuts streams. Without it the first in order, whatever order the resolver gives them in.
    /// </param>
    /// <exception cref="ControlPlaneException">503: the resolver has no answer now.</exception>
    public async Task<Uri?> ResolveAsync(Uri? url, Uri? known, CancellationToken cancellationToken)
    {
        if (url is not { IsAbsoluteUri: true, Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" })
        {
            return null;
        }

        try
        {
            var addresses = await LookUpAsync(url.IdnHost, cancellationToken);
            return addresses.All(Allow)
                ? new UriBuilder(url.Scheme, Choose(addresses, known).ToString(), url.Port).Uri
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ResolveWithin, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await resolve(name, limit.Token).WaitAsync(limit.Token) is { Length: > 0 } addresses ? addresses : throw Unresolved(name, null);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Unresolved(name, problem);
        }
    }

    private static IPAddress Choose(IPAddress[] addresses, Uri? known) =>
        IPAddress.TryParse(known?.DnsSafeHost, out var before) && addresses.Contains(before)
            ? before
            : addresses.OrderBy(address => address.AddressFamily)
                .ThenBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal).First();

    private static ControlPlaneException Unresolved(string name, Exception? cause) => new(
        new Refusal(ErrorCode.ControlPlaneUnavailable, $"The name {name} cannot be resolved now. Try again.", TimeSpan.FromSeconds(1)), cause);
}
