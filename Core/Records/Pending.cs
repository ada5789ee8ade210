namespace ControlPlane.Records;

/// <summary>A decision that waits in the queue of a <see cref="Record{T}"/>, and whoever waits for its answer.</summary>
internal interface IPending<T> where T : class
{
    /// <summary>Monotonic: when it was queued.</summary>
    long Asked { get; }

    /// <summary>Decides on what the decisions before it have made of the record; again whenever that turned out to rest on what is not stored.</summary>
    /// <param name="changes">Set once any decision has changed the state.</param>
    /// <param name="final">Cleared once any answer holds only if the state is still what is stored.</param>
    void Decide(ref T? state, long version, ref bool changes, ref bool final);

    /// <summary>What it rests on is durable: its caller is answered.</summary>
    void Complete();

    /// <summary>Whether it was done is unknown.</summary>
    void Fail(Exception problem);
}

internal sealed class Pending<T, TAnswer>(Func<T?, long, Decision<T, TAnswer>> decide, long asked) : IPending<T> where T : class
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Decision<T, TAnswer> _decision;
    private Exception? _problem;

    public long Asked => asked;

    public Task<TAnswer> Task => _answer.Task;

    public void Decide(ref T? state, long version, ref bool changes, ref bool final)
    {
        _problem = null;
        try
        {
            _decision = decide(state, version);
        }
        catch (Exception problem)
        {
            // A refusal changes nothing, and is told only once a save or a fresh read has shown that it rests on what is stored.
            (_problem, final) = (problem, false);
            return;
        }

        if (_decision.Changes)
        {
            (state, changes) = (_decision.Next, true);
        }
        else
        {
            final &= _decision.Final;
        }
    }

    public void Complete()
    {
        if (_problem is { } problem)
        {
            _answer.TrySetException(problem);
        }
        else
        {
            _answer.TrySetResult(_decision.Answer);
        }
    }

    public void Fail(Exception problem) => _answer.TrySetException(problem);
}
