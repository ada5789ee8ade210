namespace ControlPlane.Hosting;

/// <summary>
/// Waits until nothing runs any more: no work is queued or under way on the thread pool, so what is unfinished waits for a timer, a gate or a
/// call of the test. The tests of this project run one after another, so the pool is the system under test and nothing else.
/// </summary>
internal static class Quiet
{
    /// <summary>The test runner keeps threads of the pool for itself: those that are busy though nothing at all was done for so long.</summary>
    private static readonly TimeSpan Occupied = TimeSpan.FromMilliseconds(50);

    private static readonly BlockingQueue Waiting = new();

    static Quiet() => new Thread(Watch) { IsBackground = true, Name = "quiet" }.Start();

    public static Task WaitAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add(done);
        return done.Task;
    }

    private static void Watch()
    {
        var runners = 0;
        while (true)
        {
            var done = Waiting.Take();
            var (seen, since) = (-1L, TimeProvider.System.GetTimestamp());
            for (var calm = 0; calm < 3;)
            {
                Thread.Yield();
                var completed = ThreadPool.CompletedWorkItemCount;
                ThreadPool.GetAvailableThreads(out var free, out _);
                ThreadPool.GetMaxThreads(out var all, out _);
                var busy = all - free;
                if (completed != seen || ThreadPool.PendingWorkItemCount > 0)
                {
                    (seen, since, calm) = (completed, TimeProvider.System.GetTimestamp(), 0);
                }
                else if (busy <= runners || TimeProvider.System.GetElapsedTime(since) > Occupied)
                {
                    (runners, calm) = (busy, calm + 1);
                }
            }

            done.SetResult();
        }
    }

    private sealed class BlockingQueue : System.Collections.Concurrent.BlockingCollection<TaskCompletionSource>;
}
