using ControlPlane.Histories;

namespace ControlPlane.Scenarios;

/// <summary>What happened to callers while a fault was there and until the cluster was whole again.</summary>
/// <param name="mended">When its cause was taken away; null: nobody said.</param>
public sealed class Round(Scenario scenario, long began, long ended, long? mended, IEnumerable<Operation> operations)
{
    private readonly List<Operation> _during =
        [.. operations.Where(operation => operation.Invoked >= began && operation.Invoked < ended && operation.Gateway != scenario.Away?.Authority)];

    /// <summary>What broke a promise that holds for this fault, in words; null when nothing did.</summary>
    public string? Broken =>
        scenario.KeepsServing && Failed.Any() ? $"{Failed.Count()} requests failed during {scenario.Name}"
        : FailedBetween(began, began + (long)scenario.ServesFor.TotalMicroseconds) is > 0 and var early
            ? $"{early} requests failed within {scenario.ServesFor.TotalSeconds} s of the beginning of {scenario.Name}, while leases last"
        : scenario.BackWithin is { } within && mended is { } at && FailedBetween(at + (long)within.TotalMicroseconds, ended) is > 0 and var late
            ? $"{late} requests failed later than {within.TotalSeconds} s after the end of {scenario.Name}"
        : scenario.CallsSucceed && Unanswered is > 0 and var calls ? $"{calls} calls to entities were not answered during {scenario.Name}"
        : null;

    private int Unanswered => _during.Count(operation => !operation.IsRequest && operation.Verdict is Operation.Unavailable or Operation.Lost);

    private int FailedBetween(long from, long to) => Failed.Count(operation => operation.Invoked >= from && operation.Invoked < to);

    private IEnumerable<Operation> Failed => _during.Where(operation => !operation.IsOk
        && (operation.Kind == OperationKind.HeldRequest
            || (scenario.NeedsBalancer && operation.Kind == OperationKind.Request && operation.Verdict != "credential_invalid")));

    public string Report()
    {
        var revoked = _during.Where(operation => operation is { Kind: OperationKind.Revoke, IsOk: true }).Select(operation => operation.Returned - operation.Invoked).Order().ToList();
        var codes = string.Join(", ", Failed.CountBy(operation => operation.Verdict).Select(pair => $"{pair.Value} {pair.Key}"));
        return $"{scenario.Name,-40} {(ended - began) / 1e6,5:F1} s, {_during.Count(operation => operation.IsRequest)} requests, "
            + $"{_during.Count(operation => operation.Kind == OperationKind.HeldRequest)} on held facts (failed: {(codes.Length == 0 ? "none" : codes)}), "
            + $"{revoked.Count} revocations{(revoked.Count == 0 ? "" : $" (median {revoked[revoked.Count / 2] / 1e3:F0} ms, slowest {revoked[^1] / 1e3:F0} ms)")}, {Unanswered} calls refused or lost";
    }
}
