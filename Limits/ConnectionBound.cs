using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ControlPlane;

/// <summary>
/// Bounds the connections of one listener, all and by address. Kestrel's own bound knows no addresses and forgets a connection once it is
/// upgraded; here a connection counts until it is closed, whatever it carries.
/// </summary>
internal sealed class ConnectionBound(int most, int mostPerAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _open;

    /// <summary>Before anything is read of a connection, TLS included: a refusal costs an accept and a close.</summary>
    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        var from = AddressOf(connection.RemoteEndPoint);
        if (Enter(from) is { } full)
        {
            LimitMeter.Refused(full);
            await connection.Transport.Input.CompleteAsync();
            await connection.Transport.Output.CompleteAsync();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(from);
        }
    };

    /// <summary>Which bound stands in the way; null: none, and <see cref="Leave"/> must follow.</summary>
    internal string? Enter(IPAddress from)
    {
        lock (_gate)
        {
            var fromThere = _byAddress.GetValueOrDefault(from);
            if (_open >= most || fromThere >= mostPerAddress)
            {
                return _open >= most ? LimitMeter.Connections : LimitMeter.Address;
            }

            (_open, _byAddress[from]) = (_open + 1, fromThere + 1);
            return null;
        }
    }

    internal void Leave(IPAddress from)
    {
        lock (_gate)
        {
            _open--;
            if (--_byAddress[from] == 0)
            {
                _byAddress.Remove(from);
            }
        }
    }

    /// <summary>The address, or the /64 of an IPv6 one: whoever has one has them all.</summary>
    internal static IPAddress AddressOf(EndPoint? endPoint)
    {
        const int PrefixBytes = 8;
        if (endPoint is not IPEndPoint { Address: var address })
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.GetAddressBytes() is { Length: > PrefixBytes } bytes ? new IPAddress([.. bytes[..PrefixBytes], .. new byte[PrefixBytes]]) : address;
    }
}
