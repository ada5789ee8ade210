using System.Collections.Concurrent;
using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>
/// The ways by which owners reach this gateway process: an observer for each incarnation, whose address is the incarnation's name. It exists
/// only once the cluster client has started.
/// </summary>
public sealed class ObserverDoor(IGrainFactory grains) : IGatewayDoor
{
    // The client holds its observers weakly: here they are held for as long as they are open.
    private readonly ConcurrentDictionary<string, (Observer Observer, IGatewayObserver Address)> _open = new();

    public Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken)
    {
        var observer = new Observer(take);
        var address = grains.CreateObjectReference<IGatewayObserver>(observer);
        var incarnation = address.GetGrainId().ToString();
        _open[incarnation] = (observer, address);
        return Task.FromResult(incarnation);
    }

    public Task CloseAsync(string incarnation)
    {
        if (_open.TryRemove(incarnation, out var open))
        {
            grains.DeleteObjectReference<IGatewayObserver>(open.Address);
        }

        return Task.CompletedTask;
    }

    /// <summary>Synchronous, because an observer takes its calls one after another.</summary>
    private sealed class Observer(Func<Recall, RecallAnswer> take) : IGatewayObserver
    {
        public Task<RecallAnswer> RecallAsync(Recall recall) => Task.FromResult(take(recall));
    }
}
