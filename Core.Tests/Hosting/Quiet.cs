using System.Collections.Concurrent;

namespace ControlPlane.Hosting;

/// <summary>
/// Waits until nothing runs any more: no work is queued or under way on the thread pool, so what is unfinished waits for a timer, a gate or a
/// call of the test. The tests of this project run one after another, so the pool is the system under test and nothing else.
/// </summary>
internal static class Quiet
{
    /// <summary>
    /// The test runner keeps threads of the pool for itself. They are those that are busy and yet do nothing for so long. As many as were
    /// busy last time need not be the same ones: that nothing works is looked up each time, or what the machine keeps waiting is overlooked.
    /// </summary>
    private static readonly TimeSpan Occupied = TimeSpan.FromMilliseconds(5);

    /// <summary>Where nobody says what threads do, a busy thread that ends no work for so long is taken for one of those.</summary>
    private static readonly TimeSpan OccupiedForSure = TimeSpan.FromMilliseconds(100);

    private static readonly BlockingCollection<TaskCompletionSource> Waiting = [];

    /// <summary>Whether nothing is on its way that the pool does not know of, such as a message between two processes of a test.</summary>
    public static Func<bool> NothingOnItsWay { get; set; } = static () => true;

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
                if (completed != seen || ThreadPool.PendingWorkItemCount > 0 || !NothingOnItsWay())
                {
                    (seen, since, calm) = (completed, TimeProvider.System.GetTimestamp(), 0);
                }
                else if (busy == 0 || (busy <= runners && calm < 2) ||
                    IsOccupied(busy <= runners ? TimeSpan.MaxValue : TimeProvider.System.GetElapsedTime(since)))
                {
                    (runners, calm) = (busy, calm + 1);
                }
            }

            done.SetResult();
        }
    }

    private static bool IsOccupied(TimeSpan still) => OperatingSystem.IsLinux() ? still > Occupied && !PoolThreads.AnyWorks() : still > OccupiedForSure;
}
