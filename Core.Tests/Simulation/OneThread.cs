namespace ControlPlane.Simulation;

/// <summary>
/// Runs schedules one after another on the only thread of the pool. Whatever the runtime sends to the pool instead of to a machine (the
/// completion of a combined wait, the cancelling of a token) runs there too, before the next step: so nothing ever runs beside a step, and
/// one seed gives one order. A process therefore has one thread of simulation; more of them are more processes.
/// </summary>
internal sealed class OneThread(IEnumerator<long> seeds, Func<long, Schedule> make, Func<Outcome, bool> take) : IThreadPoolWorkItem
{
    private readonly ManualResetEventSlim _done = new();
    private Schedule? _schedule;
    private Exception? _problem;

    /// <summary>Runs until there are no more seeds, or an outcome is the last that is wanted.</summary>
    public static void Run(IEnumerable<long> seeds, Func<long, Schedule> make, Func<Outcome, bool> take)
    {
        if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
        {
            throw new InvalidOperationException("The pool does not go down to one thread.");
        }

        using var each = seeds.GetEnumerator();
        var thread = new OneThread(each, make, take);
        ThreadPool.UnsafeQueueUserWorkItem(thread, preferLocal: false);
        thread._done.Wait();
        if (thread._problem is { } problem)
        {
            throw new InvalidOperationException("The simulation itself has failed.", problem);
        }
    }

    public void Execute()
    {
        try
        {
            while (ThreadPool.PendingWorkItemCount == 0)
            {
                if (!RunOne())
                {
                    _done.Set();
                    return;
                }
            }

            // Behind all that waits.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception problem)
        {
            _problem = problem;
            _done.Set();
        }
    }

    private bool RunOne()
    {
        if (_schedule is null)
        {
            if (!seeds.MoveNext())
            {
                return false;
            }

            _schedule = make(seeds.Current);
        }

        if (_schedule.RunOne() is not { } outcome)
        {
            return true;
        }

        _schedule = null;
        return take(outcome);
    }
}
