namespace ControlPlane.Gateways;

/// <summary>
/// What a gateway keeps of a session until the session ends or the lease does, whatever becomes of its fact: how much it was used through
/// this gateway, and the shares of its budget. A fact that is given up and granted again must forget neither. Only where there is no budget and
/// the gateway holds too much, it goes before: when its owner has saved the last use.
/// </summary>
internal sealed class HeldAccount
{
    private readonly Lock _gate = new();
    private long _lastUsed;
    private long _requests;
    private long _bytes;
    private long _reported;
    private long _sureUntil = long.MinValue;
    private bool _isLeft;
    private bool _isClosed;

    /// <summary>The shares; a share that is given again must not be used again.</summary>
    public HeldBudget Budget { get; } = new();

    /// <summary>Monotonic reading of the last use; 0 when there was none.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Its fact was let go: once its last use is saved by the owner, it goes too.</summary>
    public bool IsLeft => Volatile.Read(ref _isLeft);

    public void Leave() => Volatile.Write(ref _isLeft, true);

    /// <summary>A fact is held for it, for the first time or again. False: it is closed.</summary>
    public bool TryHold()
    {
        lock (_gate)
        {
            _isLeft = false;
            return !_isClosed;
        }
    }

    /// <summary>Closes it for ever, if it is still left and was not used since this reading.</summary>
    public bool TryClose(long lastUsed)
    {
        lock (_gate)
        {
            // Closed first and then looked at, with the barrier on this side alone: a use at this moment finds it closed, or is found here.
            Volatile.Write(ref _isClosed, true);
            Interlocked.MemoryBarrierProcessWide();
            var closes = _isLeft && LastUsed == lastUsed;
            Volatile.Write(ref _isClosed, closes);
            return closes;
        }
    }

    /// <summary>
    /// Before a request is admitted, so that whoever asks for the last use right after sees it. False: it is closed, and nobody would; the
    /// request looks again.
    /// </summary>
    public bool Touch(long now)
    {
        Volatile.Write(ref _lastUsed, now);
        return !Volatile.Read(ref _isClosed);
    }

    /// <summary>Whether its fact may be doubted at this reading of the monotonic clock; then not again before the other.</summary>
    public bool TryDoubt(long now, long notBefore) =>
        Volatile.Read(ref _sureUntil) is var sure && now >= sure && Interlocked.CompareExchange(ref _sureUntil, notBefore, sure) == sure;

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
