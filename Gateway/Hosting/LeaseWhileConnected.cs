using ControlPlane.Gateways;

namespace ControlPlane.Hosting;

/// <summary>
/// Keeps the gateway's lease from when the client has connected, for an observer exists only then, until just before it goes: the lease is
/// given back, so that no owner waits for it.
/// </summary>
internal sealed class LeaseWhileConnected(Gateway gateway) : ILifecycleParticipant<IClusterClientLifecycle>
{
    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LeaseWhileConnected), ServiceLifecycleStage.Last, _ => Start(), _ => gateway.DisposeAsync().AsTask());

    private Task Start()
    {
        gateway.Start();
        return Task.CompletedTask;
    }
}
