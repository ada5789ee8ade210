using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Storage;

/// <summary>
/// The one writer: it commits what has queued in one transaction, so that many who wait share one flush of the disk. Each is answered when
/// its part is durable.
/// </summary>
internal sealed class Writer : IDisposable
{
    /// <summary>More in one transaction would only make the first wait for the last.</summary>
    private const int MostAtOnce = 256;

    private readonly Statements _statements;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly Queue<IWrite> _queue = new();
    private readonly SemaphoreSlim _queued = new(0);
    private bool _stopped;

    public Writer(Statements statements)
    {
        _statements = statements;
        _thread = new Thread(Run) { IsBackground = true, Name = "database writer" };
        _thread.Start();
    }

    /// <summary>Runs an action in the next transaction; its answer comes when that is durable.</summary>
    /// <exception cref="Exception">The transaction failed; whether it is durable is not known.</exception>
    public Task<T> WriteAsync<T>(Func<Statements, T> act)
    {
        var write = new Write<T>(act);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _queue.Enqueue(write);
        }

        _queued.Release();
        return write.Task;
    }

    /// <summary>Commits what has queued, then stops.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
        }

        _queued.Release();
        _thread.Join();
        _statements.Dispose();
        _queued.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _queued.Wait();
            var batch = Take();
            if (batch.Count > 0)
            {
                Commit(batch);
            }
            else if (_stopped)
            {
                return;
            }
        }
    }

    private List<IWrite> Take()
    {
        lock (_gate)
        {
            var batch = new List<IWrite>();
            while (batch.Count < MostAtOnce && _queue.TryDequeue(out var write))
            {
                batch.Add(write);
            }

            // Those beyond the bound have released the semaphore already; they are taken at the next turn.
            return batch;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever failed, it is told to those who wait, and the writer goes on.")]
    private void Commit(List<IWrite> batch)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            _statements.Execute("BEGIN IMMEDIATE");
            try
            {
                batch.ForEach(write => write.Run(_statements));
                _statements.Execute("COMMIT");
            }
            catch
            {
                Rollback();
                throw;
            }

            CommitMeter.Committed(began, batch.Count, "ok");
            batch.ForEach(write => write.Complete());
        }
        catch (Exception problem)
        {
            CommitMeter.Committed(began, batch.Count, "failed");
            batch.ForEach(write => write.Fail(problem));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A transaction that the engine has rolled back itself is what was wanted.")]
    private void Rollback()
    {
        try
        {
            _statements.Execute("ROLLBACK");
        }
        catch (Exception)
        {
            // The engine has done it already, as it does when the disk is full.
        }
    }

    private interface IWrite
    {
        void Run(Statements statements);

        void Complete();

        void Fail(Exception problem);
    }

    private sealed class Write<T>(Func<Statements, T> act) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _answer;

        public Task<T> Task => _done.Task;

        public void Run(Statements statements) => _answer = act(statements);

        public void Complete() => _done.SetResult(_answer!); // Run has set it.

        public void Fail(Exception problem) => _done.SetException(problem);
    }
}
