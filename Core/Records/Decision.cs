namespace ControlPlane.Records;

/// <summary>What a decision came to: the next state, or none, and the answer to whoever asked.</summary>
/// <remarks>A decision is a pure function of (state, version of the save it would be part of); it may run more than once.</remarks>
public readonly record struct Decision<T, TAnswer> where T : class
{
    private Decision(T? next, TAnswer answer, bool changes, bool final) =>
        (Next, Answer, Changes, Final) = (next, answer, changes, final);

    public T? Next { get; }

    public TAnswer Answer { get; }

    public bool Changes { get; }

    /// <summary>The answer can never become untrue, so it may come from memory. Every other "no change" is checked against the store.</summary>
    public bool Final { get; }

    /// <summary>Save this state; answer when it is durable.</summary>
    public static Decision<T, TAnswer> Save(T next, TAnswer answer) => new(next, answer, changes: true, final: false);

    /// <summary>Remove the record; answer when that is durable.</summary>
    public static Decision<T, TAnswer> Remove(TAnswer answer) => new(null, answer, changes: true, final: false);

    /// <summary>Nothing to change. Answered after a save or a fresh read has shown that what was looked at is what is stored.</summary>
    public static Decision<T, TAnswer> Keep(TAnswer answer) => new(null, answer, changes: false, final: false);

    /// <summary>Nothing to change, for a reason that can never be undone (revoked, ended, spent).</summary>
    public static Decision<T, TAnswer> KeepForEver(TAnswer answer) => new(null, answer, changes: false, final: true);
}
