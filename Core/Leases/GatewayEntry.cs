using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Operations;

namespace ControlPlane.Leases;

/// <summary>
/// An incarnation's name on the roster of gateways. Each activation of its entity enters it with the first lease that it gives, so it is
/// there again after any failure, and no lease waits for it; the entity's alarm takes it out when the lease is over.
/// </summary>
internal sealed class GatewayEntry(IEntityHost host, string? incarnation)
{
    private int _entered;

    /// <summary>Enters it, once; nobody waits for that, and a failure is made up for with the next renewal.</summary>
    public void Enter()
    {
        if (incarnation is not null && Interlocked.Exchange(ref _entered, 1) == 0)
        {
            _ = EnterAsync(incarnation);
        }
    }

    public Task LeaveAsync(CancellationToken cancellationToken) =>
        incarnation is null ? Task.CompletedTask : host.Entities.Roster(IRoster.Gateways).LeaveAsync(incarnation, cancellationToken);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it from being entered, the next renewal tries again.")]
    private async Task EnterAsync(string name)
    {
        await Task.Yield();
        try
        {
            await host.Entities.Roster(IRoster.Gateways).EnterAsync(name);
        }
        catch (Exception)
        {
            Volatile.Write(ref _entered, 0);
        }
    }
}
