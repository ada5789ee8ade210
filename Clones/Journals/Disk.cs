using System.Collections.Concurrent;

namespace ControlPlane.Journals;

/// <summary>
/// The threads that may wait for the disk. An fsync blocks its thread for milliseconds and has no asynchronous form; on the thread pool a
/// few hundred sessions that write at once would leave no thread to answer reads.
/// </summary>
internal sealed class Disk : IDisposable
{
    // Several, because the file system commits what waits together in one go; few, because more do not make a disk faster.
    private const int Threads = 4;

    private readonly BlockingCollection<Action> _work = [];

    public Disk()
    {
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Work) { IsBackground = true, Name = "disk " + i }.Start();
        }
    }

    /// <summary>Runs it on one of the threads. What it throws travels to whoever waits.</summary>
    public Task RunAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
#pragma warning disable CA1031 // Nothing is swallowed: the exception becomes the task's.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    /// <summary>Takes no more work; what was taken is still done.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
