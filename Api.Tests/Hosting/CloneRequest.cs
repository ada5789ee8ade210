using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Hosting;

/// <summary>A request to a clone, as the data path would have it in the gateway's registry.</summary>
internal sealed class CloneRequest : InFlight
{
    private readonly TaskCompletionSource<Refusal> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Refusal> Cut => _cut.Task;

    protected override void OnCut(Refusal because) => _cut.TrySetResult(because);
}
