using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>How owners reach this gateway process; the host's part of <see cref="Entities.IEntityHost.RecallAsync"/>.</summary>
public interface IGatewayDoor
{
    /// <summary>
    /// Opens a way to a new incarnation and gives its name: random, or the address of what takes the recalls, but never a configured name.
    /// </summary>
    /// <param name="take">Takes a recall in one critical section and acknowledges it.</param>
    Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken);

    /// <summary>Closes it. An incarnation that lapsed stays open for a while: it acknowledges what it no longer holds.</summary>
    Task CloseAsync(string incarnation);
}
