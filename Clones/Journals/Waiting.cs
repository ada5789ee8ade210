namespace ControlPlane.Journals;

/// <summary>Somebody who waits for a ledger: decided in turn, answered when what was decided is on disk.</summary>
internal abstract class Waiting<TState, TChange>
    where TChange : class
{
    /// <summary>The change to write, or none. It never throws: what the decision throws is kept for the one who asked.</summary>
    public abstract TChange? Decide(TState state);

    /// <summary>It is on disk.</summary>
    public abstract void Finish();

    /// <summary>It is not, and does not count.</summary>
    public abstract void Fail(Exception exception);
}

internal sealed class Waiting<TState, TChange, TAnswer>(Func<TState, Decision<TChange, TAnswer>> decide) : Waiting<TState, TChange>
    where TChange : class
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Decision<TChange, TAnswer> _decision;
    private Exception? _refusal;

    public Task<TAnswer> Answer => _answer.Task;

    public override TChange? Decide(TState state)
    {
        try
        {
            _decision = decide(state);
        }
#pragma warning disable CA1031 // Nothing is swallowed: the one who asked gets it, and the others of the batch do not.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _refusal = exception;
        }

        return _decision.Change;
    }

    public override void Finish()
    {
        if (_refusal is { } refusal)
        {
            _answer.SetException(refusal);
        }
        else
        {
            _answer.SetResult(_decision.Answer);
        }
    }

    public override void Fail(Exception exception) => _answer.SetException(exception);
}
