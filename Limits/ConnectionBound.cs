using System.Net;
using ControlPlane.Gateways;
using Microsoft.AspNetCore.Connections;

namespace ControlPlane;

/// <summary>
/// Bounds the connections of one listener, all and by address. Kestrel's own bound knows no addresses and forgets a connection once it is
/// upgraded; here a connection counts until it is closed, whatever it carries. Where requests are counted (<see cref="RequestBound"/>), a
/// connection on which nothing is under way makes room for a new one: whoever holds idle ones keeps nobody out.
/// </summary>
internal sealed class ConnectionBound(int most, int mostPerAddress, bool makesRoom)
{
    // Beyond the bound while they close: in an instant, unless they have begun to ask and do not go on (Limits:HeaderTimeout ends that).
    private readonly int _mostLeaving = Math.Max(64, most / 8);
    private readonly Lock _gate = new();
    private readonly Room _all = new(most, static connection => connection.InAll);
    private readonly Dictionary<IPAddress, Room> _byAddress = [];

    /// <summary>Before anything is read of a connection, TLS included: a refusal costs an accept and a close.</summary>
    public ConnectionDelegate Around(ConnectionDelegate next) => async context =>
    {
        var from = context.RemoteEndPoint is IPEndPoint { Address: var address } ? ClientAddress.Of(address) : IPAddress.None;
        if (Enter(context, from) is not { } connection)
        {
            await context.Transport.Input.CompleteAsync();
            await context.Transport.Output.CompleteAsync();
            return;
        }

        try
        {
            context.Features.Set(connection);
            await next(context);
        }
        finally
        {
            Leave(connection, from);
        }
    };

    private OpenConnection? Enter(ConnectionContext context, IPAddress from)
    {
        OpenConnection? quietest = null;
        OpenConnection connection;
        lock (_gate)
        {
            var there = _byAddress.GetValueOrDefault(from) ?? new Room(mostPerAddress, static connection => connection.InAddress);
            if (there.IsFull || _all.IsFull)
            {
                var (full, bound) = there.IsFull ? (there, LimitMeter.Address) : (_all, LimitMeter.Connections);
                quietest = makesRoom && _all.Leaving < _mostLeaving ? full.Quietest() : null;
                if (quietest is null)
                {
                    LimitMeter.Refused(bound);
                    return null;
                }

                LimitMeter.Evicted(bound);
                quietest.IsLeaving = true;
                _all.Leaving++;
                quietest.Address.Leaving++;
            }

            connection = new OpenConnection(context, there);
            _byAddress[from] = there;
            _all.Add(connection);
            there.Add(connection);
        }

        quietest?.Close();
        return connection;
    }

    private void Leave(OpenConnection connection, IPAddress from)
    {
        lock (_gate)
        {
            var there = connection.Address;
            var left = connection.IsLeaving ? 1 : 0;
            (_all.Leaving, there.Leaving) = (_all.Leaving - left, there.Leaving - left);
            _all.Remove(connection);
            there.Remove(connection);
            if (there.IsEmpty)
            {
                _byAddress.Remove(from);
            }
        }
    }
}
