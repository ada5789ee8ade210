using System.Net;

namespace ControlPlane.Gateways;

/// <summary>A <see cref="RateLimit{TKey}"/> on addresses, of IPv6 ones on the /64. Whose address is not known is not limited.</summary>
public sealed class AddressLimit(TimeProvider time, int most, TimeSpan window)
{
    private readonly RateLimit<IPAddress> _addresses = new(time, most, window);

    /// <summary>How long until this address may do it again; null: it may now.</summary>
    public TimeSpan? Wait(IPAddress? from) => from is null ? null : _addresses.Wait(ClientAddress.Of(from));

    public void Count(IPAddress? from)
    {
        if (from is not null)
        {
            _addresses.Add(ClientAddress.Of(from));
        }
    }

    /// <inheritdoc cref="RateLimit{TKey}.Take"/>
    public TimeSpan? Take(IPAddress? from) => from is null ? null : _addresses.Take(ClientAddress.Of(from));

    /// <inheritdoc cref="RateLimit{TKey}.GiveBack"/>
    public void GiveBack(IPAddress? from)
    {
        if (from is not null)
        {
            _addresses.GiveBack(ClientAddress.Of(from));
        }
    }
}
