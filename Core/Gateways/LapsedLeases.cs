using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>
/// Gives leases back that have lapsed. Everything that rested on one has gone, so nobody need wait for it; its owner, which counts a lease anew
/// whenever it reads its record, as after the outage that made it lapse, cannot know that.
/// </summary>
internal sealed class LapsedLeases(IEntities entities, LeaseOptions options, TimeProvider time)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    /// <summary>Tried again for as long as the lease may count; what cannot be given back runs out by itself.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it from being given back, trying again is harmless.")]
    public async Task GiveBackAsync(string incarnation, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        while (!stopping.IsCancellationRequested && time.GetElapsedTime(began) < options.DurationWithDrift)
        {
            try
            {
                await entities.Gateway(incarnation).CloseAsync(stopping).WaitAsync(stopping);
                return;
            }
            catch (Exception)
            {
                await Task.Delay(Retry, time, CancellationToken.None);
            }
        }
    }
}
