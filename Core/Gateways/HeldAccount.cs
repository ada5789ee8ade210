namespace ControlPlane.Gateways;

/// <summary>
/// What a gateway keeps of a session until the session ends or the lease does, whatever becomes of its fact: how much it was used through
/// this gateway, and the shares of its budget. A fact that is given up and granted again must forget neither.
/// </summary>
internal sealed class HeldAccount
{
    private long _lastUsed;
    private long _requests;
    private long _bytes;
    private long _reported;

    /// <summary>The shares; a share that is given again must not be used again.</summary>
    public HeldBudget Budget { get; } = new();

    /// <summary>Monotonic reading of the last use; 0 when there was none.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Before a request is admitted, so that whoever asks for the last use right after sees it.</summary>
    public void Touch(long now) => Volatile.Write(ref _lastUsed, now);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void Moved(long bytes, long now)
    {
        if (bytes > 0)
        {
            Interlocked.Add(ref _bytes, bytes);
            Volatile.Write(ref _lastUsed, now);
        }
    }

    /// <summary>The use since the last report; null when there was none.</summary>
    public (long LastUsed, long Requests, long Bytes)? TakeUnreported()
    {
        var last = LastUsed;
        return last == 0 || Interlocked.Exchange(ref _reported, last) == last
            ? null
            : (last, Interlocked.Exchange(ref _requests, 0), Interlocked.Exchange(ref _bytes, 0));
    }
}
