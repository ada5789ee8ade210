namespace ControlPlane.GitHub.Http;

/// <summary>
/// One bucket of requests. It is kept in memory alone: a worker that starts again begins a new window, which costs a caller nothing.
/// </summary>
internal sealed class RateLimit(string resource, int limit, TimeSpan window, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _reset = DateTimeOffset.MinValue;
    private int _used;

    /// <summary>Counts one request; <see cref="RateReading.Exceeded"/> says that it is one too many.</summary>
    public RateReading Take() => Read(1);

    /// <summary>Takes back one that costs nothing after all.</summary>
    public RateReading GiveBack() => Read(-1);

    private RateReading Read(int cost)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now >= _reset)
            {
                _reset = now + window;
                _used = 0;
            }

            var exceeded = cost > 0 && _used >= limit;
            _used = Math.Clamp(_used + cost, 0, limit);
            return new RateReading(resource, limit, _used, _reset.ToUnixTimeSeconds(), exceeded);
        }
    }
}

/// <summary>What the headers say about a bucket.</summary>
internal readonly record struct RateReading(string Resource, int Limit, int Used, long Reset, bool Exceeded);
