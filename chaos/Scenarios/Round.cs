using ControlPlane.Histories;

namespace ControlPlane.Scenarios;

/// <summary>What happened to callers while a fault was there and until the cluster was whole again: what they asked for then, whenever it was answered.</summary>
/// <param name="mended">When its cause was taken away; null: nobody said.</param>
/// <param name="well">Since when nothing of the rounds before it may have been refused: what began earlier is not judged by this one.</param>
public sealed class Round(Scenario scenario, long began, long ended, long? mended, long well)
{
    /// <summary>Whatever was done, all is well again this long before a round ends.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Since when nothing of this one and those before it may have been refused.</summary>
    public long Well => scenario.KeepsServing && scenario.Away is null ? well : ended - Length(Settled);

    /// <summary>What broke a promise that holds for this fault, in words; null when nothing did.</summary>
    public string? Broken(IReadOnlyCollection<Operation> operations)
    {
        var failed = Failed(operations).ToList();
        return scenario.KeepsServing && failed.Count > 0 ? $"{failed.Count} requests failed during {scenario.Name}"
            : Cut(operations).ToList() is [var first, ..] cut ? $"{cut.Count} uploads were cut during {scenario.Name}: {first}"
            : Between(failed, began, began + Length(scenario.ServesFor)) is > 0 and var early
                ? $"{early} requests failed within {scenario.ServesFor.TotalSeconds} s of the beginning of {scenario.Name}, while leases last"
            : scenario.BackWithin is { } within && mended is { } at && Between(failed, at + Length(within), ended) is > 0 and var late
                ? $"{late} requests failed later than {within.TotalSeconds} s after the end of {scenario.Name}"
            : scenario.CallsSucceed && Unanswered(operations).ToList() is [var call, ..] calls ? $"{calls.Count} calls to entities were not answered during {scenario.Name}: {call}"
            : Between(operations.Where(IsFailedOnHeld), ended - Length(Settled), ended) is > 0 and var after
                ? $"{after} requests failed when {scenario.Name} was over, also through a gateway that had been away"
            : null;
    }

    public string Report(IReadOnlyCollection<Operation> operations)
    {
        var during = During(operations).ToList();
        var revoked = during.Where(operation => operation is { Kind: OperationKind.Revoke, IsOk: true }).Select(operation => operation.Returned - operation.Invoked).Order().ToList();
        return $"{scenario.Name,-40} {(ended - began) / 1e6,5:F1} s, {during.Count(operation => operation.IsRequest)} requests, "
            + $"{during.Count(operation => operation.Kind == OperationKind.HeldRequest)} on held facts (failed: {Codes(Failed(operations))}), "
            + $"{revoked.Count} revocations{(revoked.Count == 0 ? "" : $" (median {revoked[revoked.Count / 2] / 1e3:F0} ms, slowest {revoked[^1] / 1e3:F0} ms)")}, "
            + $"calls refused or lost: {Codes(Unanswered(operations))}";
    }

    private static string Codes(IEnumerable<Operation> failed) =>
        string.Join(", ", failed.CountBy(operation => operation.Verdict).Select(pair => $"{pair.Value} {pair.Key}")) is { Length: > 0 } codes ? codes : "none";

    private static long Length(TimeSpan span) => (long)span.TotalMicroseconds;

    private static bool IsFailedOnHeld(Operation operation) => operation is { Kind: OperationKind.HeldRequest, IsOk: false };

    private static int Between(IEnumerable<Operation> operations, long from, long to) => operations.Count(operation => operation.Invoked >= from && operation.Invoked < to);

    private IEnumerable<Operation> During(IEnumerable<Operation> operations) =>
        operations.Where(operation => operation.Invoked >= began && operation.Invoked < ended && operation.Gateway != scenario.Away?.Authority);

    /// <summary>Nothing that is judged here may end a stream but the end of its gateway: it may have begun in an earlier round.</summary>
    private IEnumerable<Operation> Cut(IEnumerable<Operation> operations) => operations.Where(operation => scenario is { KeepsServing: true, NeedsBalancer: false }
        && operation is { Kind: OperationKind.Stream, IsOk: false } && operation.Returned >= began && operation.Returned < ended && operation.Invoked >= well && operation.Gateway != scenario.Away?.Authority);

    /// <summary>A call that was asked when all was well again and not answered before the next round is that one's.</summary>
    private IEnumerable<Operation> Unanswered(IEnumerable<Operation> operations) => During(operations).Where(operation => operation is { IsRequest: false, IsOk: false }
        && (operation.Returned < ended || operation.Invoked < ended - Length(Settled)));

    private IEnumerable<Operation> Failed(IEnumerable<Operation> operations) => During(operations).Where(operation => IsFailedOnHeld(operation)
        || (scenario.NeedsBalancer && operation is { Kind: OperationKind.Request, IsOk: false } && operation.Verdict is not ("credential_invalid" or "session_ended")));
}
