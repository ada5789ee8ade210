namespace ControlPlane.Hosting;

/// <summary>
/// Counts the calls and answers that have been sent and have not arrived: a call that waits at its callee is not on its way. What the engine
/// does with a call between the two, such as an activation, is part of the way.
/// </summary>
internal sealed class Traffic : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    private int _onTheWay;

    public bool IsQuiet => Volatile.Read(ref _onTheWay) <= 0;

    /// <summary>What was on its way to a process that has died does not arrive.</summary>
    public void Reset() => Volatile.Write(ref _onTheWay, 0);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        Interlocked.Increment(ref _onTheWay);
        try
        {
            await context.Invoke();
        }
        finally
        {
            Interlocked.Decrement(ref _onTheWay);
        }
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        Interlocked.Decrement(ref _onTheWay);
        try
        {
            await context.Invoke();
        }
        finally
        {
            Interlocked.Increment(ref _onTheWay);
        }
    }
}
