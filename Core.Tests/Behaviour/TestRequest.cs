using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Behaviour;

/// <summary>One request at a gateway, from its arrival until it has left.</summary>
internal sealed class TestRequest : InFlight
{
    private readonly TaskCompletionSource<Refusal> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cuts;

    public Verdict Verdict { get; set; }

    public Identity Identity { get; set; }

    public bool IsAdmitted => Verdict.Route is not null || Identity.Caller is not null;

    /// <summary>Why it was let in no further; null when it was admitted.</summary>
    public ErrorCode? Refused => Verdict.Refusal?.Code ?? Identity.Refusal?.Code;

    /// <summary>Done when it is cut.</summary>
    public Task<Refusal> WhenCut => _cut.Task;

    /// <summary>How often it was cut: once at most.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    protected override void OnCut(Refusal because)
    {
        Interlocked.Increment(ref _cuts);
        _cut.TrySetResult(because);
    }
}
