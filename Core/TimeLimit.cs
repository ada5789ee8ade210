namespace ControlPlane;

/// <summary>Cancels what is waited for when its time is over, or when the caller gives up. To be disposed of when it has come.</summary>
internal readonly struct TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;

    public TimeLimit(TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        _late = new CancellationTokenSource(within, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _late.Token);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
