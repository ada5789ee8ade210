using System.Net;
using System.Net.Sockets;

namespace ControlPlane;

/// <summary>
/// Looks whether the addresses can be listened on before anything else is done, so that a port in use leaves no trace, and finds a port
/// for <c>http://localhost:0</c>, which the server itself refuses because it would take a different one for each of the two loopbacks.
/// </summary>
internal static class ListenAddresses
{
    /// <summary>How many free ports of one loopback may be taken on the other before it counts as a fault.</summary>
    private const int MostTries = 20;

    /// <summary>The addresses, with a port of its own for each <c>localhost:0</c>.</summary>
    /// <exception cref="StartException">One of them cannot be listened on.</exception>
    public static IReadOnlyList<Uri> Check(IEnumerable<Uri> urls) => [.. urls.Select(Check)];

    private static Uri Check(Uri url)
    {
        try
        {
            if (!url.IsLoopback || IPAddress.TryParse(Host(url), out _))
            {
                Try(IPAddress.TryParse(Host(url), out var address) ? address : IPAddress.Any, url.Port);
                return url;
            }

            return url.Port == 0 ? new UriBuilder(url) { Port = FreeOnBoth() }.Uri : CheckBoth(url);
        }
        catch (SocketException problem)
        {
            throw Explained(url, problem);
        }
    }

    private static Uri CheckBoth(Uri url)
    {
        Try(IPAddress.Loopback, url.Port);
        TryIfThere(IPAddress.IPv6Loopback, url.Port);
        return url;
    }

    private static int FreeOnBoth()
    {
        for (var tries = 1; ; tries++)
        {
            var port = Try(IPAddress.Loopback, 0);
            try
            {
                TryIfThere(IPAddress.IPv6Loopback, port);
                return port;
            }
            catch (SocketException) when (tries < MostTries)
            {
                // Free on the one and taken on the other: the system offers another.
            }
        }
    }

    /// <summary>A machine without IPv6 has one loopback, and that is enough.</summary>
    private static void TryIfThere(IPAddress address, int port)
    {
        try
        {
            Try(address, port);
        }
        catch (SocketException absent) when (absent.SocketErrorCode != SocketError.AddressAlreadyInUse)
        {
            // Nobody can take it, and nobody can call it.
        }
    }

    /// <summary>Takes the port and gives it back.</summary>
    private static int Try(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // Bound just above.
    }

    private static string Host(Uri url) => url.Host.Trim('[', ']');

    private static StartException Explained(Uri url, SocketException problem)
    {
        var at = url.GetLeftPart(UriPartial.Authority);
        return new StartException(
            problem.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"The port of {at} is in use by another process. Stop that one, or choose another address with --urls.",
                SocketError.AccessDenied => $"This user may not listen on {at}. Choose a port from 1024 on with --urls.",
                SocketError.AddressNotAvailable => $"This machine has no such address as that of {at}. Choose another with --urls.",
                _ => $"It cannot listen on {at}: {problem.Message}.",
            },
            problem);
    }
}
