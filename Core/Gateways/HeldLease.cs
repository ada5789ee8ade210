namespace ControlPlane.Gateways;

/// <summary>
/// The lease as its holder sees it: counted from when the renewal was sent, and over as soon as either clock says so, for a machine that was
/// suspended wakes with a monotonic clock that may not have moved (protocol 15 and 16).
/// </summary>
internal sealed class HeldLease
{
    private readonly TimeProvider _time;
    private readonly long _end;
    private readonly long _wallEnd;

    public HeldLease(TimeProvider time, string incarnation, long sentAt, DateTimeOffset sentAtWall, TimeSpan duration)
    {
        _time = time;
        Incarnation = incarnation;
        _end = sentAt + (long)(duration.TotalSeconds * time.TimestampFrequency);
        _wallEnd = (sentAtWall + duration).UtcTicks;
    }

    public string Incarnation { get; }

    /// <summary>Whether it stands at this reading of the monotonic clock; the wall clock is read here.</summary>
    public bool Stands(long now) => now < _end && _time.GetUtcNow().UtcTicks < _wallEnd;
}
