using System.Collections.Immutable;
using ControlPlane.Errors;

namespace ControlPlane.Workers;

/// <summary>All of the pool that no heartbeat could tell again: what an operator wants of workers.</summary>
/// <param name="Drained">The workers that are given nothing new, also while they are away.</param>
public sealed record WorkerPoolState(ImmutableSortedSet<string> Drained)
{
    /// <summary>The kind of its key, beside those of entities.</summary>
    public const string Kind = "worker-pool";

    /// <summary>Far more than anybody drains at once; it only keeps the record small.</summary>
    public const int Most = 1000;

    public static WorkerPoolState None { get; } = new(ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    /// <exception cref="ControlPlaneException">429: too many are drained.</exception>
    public WorkerPoolState With(string workerId, bool drained) => !drained ? new WorkerPoolState(Drained.Remove(workerId))
        : Drained.Count < Most || Drained.Contains(workerId) ? new WorkerPoolState(Drained.Add(workerId))
        : throw new ControlPlaneException(ErrorCode.QuotaExceeded, $"{Most} workers are drained already. Take back those that are gone for good.");
}
