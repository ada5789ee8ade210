using System.Collections.Concurrent;
using ControlPlane.Gateways;
using ControlPlane.Leases;

namespace ControlPlane.Hosting;

/// <summary>The ways to the gateways of this process.</summary>
public sealed class LocalDoors : IGatewayDoor
{
    private readonly ConcurrentDictionary<string, Func<Recall, RecallAnswer>> _open = new();

    public Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken)
    {
        var incarnation = Guid.NewGuid().ToString("N");
        _open[incarnation] = take;
        return Task.FromResult(incarnation);
    }

    public Task CloseAsync(string incarnation)
    {
        _open.TryRemove(incarnation, out _);
        return Task.CompletedTask;
    }

    /// <exception cref="InvalidOperationException">There is no such gateway here: its lease decides.</exception>
    public Task<RecallAnswer> RecallAsync(string gateway, Recall recall) => _open.TryGetValue(gateway, out var take)
        ? Task.Run(() => take(recall))
        : Task.FromException<RecallAnswer>(new InvalidOperationException($"There is no gateway {gateway} in this process."));
}
