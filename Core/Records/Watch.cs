namespace ControlPlane.Records;

/// <summary>Waits until a record's state, as this activation knows it, fulfils a condition.</summary>
public sealed class Watch<T> where T : class
{
    private readonly Record<T> _record;
    private volatile TaskCompletionSource _change = NewChange();

    public Watch(Record<T> record)
    {
        _record = record;
        Action<Stored<T>> pulse = _ => Pulse();
        record.Saved += pulse;
        record.Loaded += pulse;
    }

    /// <summary>The first state from now on that fulfils it.</summary>
    /// <exception cref="OperationCanceledException">It did not come in time.</exception>
    public async Task<Stored<T>> UntilAsync(Func<T?, bool> fulfils, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look, so that no change falls between.
            var change = _change.Task;
            var current = await _record.ReadAsync(cancellationToken);
            if (fulfils(current.State))
            {
                return current;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    private void Pulse() => Interlocked.Exchange(ref _change, NewChange()).SetResult();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
