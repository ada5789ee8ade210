using System.Collections.Concurrent;
using System.Net;

namespace ControlPlane.Gateways;

/// <summary>
/// How often an address may do something: so many times at once, each place free again evenly over the window. What is counted beyond that,
/// because many did it at one moment, adds nothing: a place is free again after at most one of the parts of the window. In memory, of one process.
/// </summary>
public sealed class AddressLimit(TimeProvider time, int most, TimeSpan window)
{
    private const int MostAddresses = 100_000;

    private readonly ConcurrentDictionary<IPAddress, Bucket> _addresses = new();

    private long Every => (long)(window.TotalSeconds * time.TimestampFrequency / most);

    /// <summary>How long until this address may do it again; null: it may now.</summary>
    public TimeSpan? Wait(IPAddress? from)
    {
        if (from is null || !_addresses.TryGetValue(from, out var bucket))
        {
            return null;
        }

        var wait = bucket.Wait(time.GetTimestamp(), Every, most);
        return wait <= 0 ? null : TimeSpan.FromSeconds(Math.Ceiling((double)wait / time.TimestampFrequency));
    }

    public void Count(IPAddress? from)
    {
        if (from is null)
        {
            return;
        }

        if (_addresses.Count >= MostAddresses)
        {
            _addresses.Clear();
        }

        _addresses.GetOrAdd(from, static _ => new Bucket()).Add(time.GetTimestamp(), Every, most);
    }

    /// <summary>A leaky bucket: the moment at which all that was counted has run out.</summary>
    private sealed class Bucket
    {
        private readonly Lock _gate = new();
        private long _emptyAt;

        public void Add(long now, long every, int capacity)
        {
            lock (_gate)
            {
                _emptyAt = Math.Min(Math.Max(_emptyAt, now) + every, now + (every * capacity));
            }
        }

        public long Wait(long now, long every, int capacity)
        {
            lock (_gate)
            {
                return _emptyAt - now - (every * (capacity - 1));
            }
        }
    }
}
