namespace ControlPlane.Gateways;

/// <summary>What is in flight: in several parts, so that many requests enter and leave at once.</summary>
internal sealed class Registry
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, 16).Select(_ => new Shard())];

    public void Enter(InFlight request) => _shards[Environment.CurrentManagedThreadId & 15].Add(request);

    public static void Leave(InFlight request) => request.Shard?.Remove(request);

    /// <summary>How many are in flight, as near as may be while they come and go.</summary>
    public int Count => _shards.Sum(static shard => shard.Count);

    /// <summary>Those of what is in flight that fulfil a condition.</summary>
    public List<InFlight> Where(Func<InFlight, bool> fulfils)
    {
        var found = new List<InFlight>();
        foreach (var shard in _shards)
        {
            shard.Collect(fulfils, found);
        }

        return found;
    }

    internal sealed class Shard
    {
        private readonly Lock _gate = new();
        private InFlight? _first;
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add(InFlight request)
        {
            lock (_gate)
            {
                request.Shard = this;
                request.Next = _first;
                if (_first is { } first)
                {
                    first.Previous = request;
                }

                _first = request;
                _count++;
            }
        }

        public void Remove(InFlight request)
        {
            lock (_gate)
            {
                if (request.Shard != this)
                {
                    return;
                }

                if (request.Previous is { } previous)
                {
                    previous.Next = request.Next;
                }
                else
                {
                    _first = request.Next;
                }

                if (request.Next is { } next)
                {
                    next.Previous = request.Previous;
                }

                _count--;
                (request.Shard, request.Next, request.Previous) = (null, null, null);
            }
        }

        public void Collect(Func<InFlight, bool> fulfils, List<InFlight> found)
        {
            lock (_gate)
            {
                for (var request = _first; request is not null; request = request.Next)
                {
                    if (fulfils(request))
                    {
                        found.Add(request);
                    }
                }
            }
        }
    }
}
