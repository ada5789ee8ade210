using ControlPlane.Gateways;

namespace ControlPlane.Hosting;

/// <summary>
/// Keeps the gateway's lease from when the client has connected, for an observer exists only then, until just before it goes: the lease is
/// given back, so that no owner waits for it.
/// </summary>
internal sealed class LeaseWhileConnected(Gateway gateway, WarmUp warmUp) : ILifecycleParticipant<IClusterClientLifecycle>
{
    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LeaseWhileConnected), ServiceLifecycleStage.Last, _ => Start(), _ => gateway.DisposeAsync().AsTask());

    private Task Start()
    {
        gateway.Start();
        _ = WarmUpAsync();
        return Task.CompletedTask;
    }

    // Beside the start: it serves meanwhile, and what stops it is that there is no silo to ask any more.
    private async Task WarmUpAsync()
    {
        await gateway.ReadyAsync(CancellationToken.None);
        await warmUp.RunAsync(CancellationToken.None);
    }
}
