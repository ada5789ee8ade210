using ControlPlane.Sessions;

namespace ControlPlane.Workers;

/// <summary>
/// A silo's internal listener, <c>POST /workers/register</c> with the join token. A worker with a new data directory sends nothing of this
/// and is given an id and a secret of its own, which it keeps; with these it registers, at each start and whenever a heartbeat says so.
/// </summary>
/// <param name="WorkerId">As it was given; null for a worker that has none yet.</param>
/// <param name="Secret">The worker's own, which proves its id; null with a null id.</param>
/// <param name="Presence">How it is; null with a null id.</param>
public sealed record WorkerRegistration(string? WorkerId = null, string? Secret = null, WorkerPresence? Presence = null);

/// <summary>The answer to a registration.</summary>
/// <param name="Secret">The worker's own: its control port takes this and nothing else, and its heartbeats show it.</param>
/// <param name="BeatSeconds">How often it is to say how it is.</param>
public sealed record WorkerRegistered(string WorkerId, string Secret, int BeatSeconds)
{
    /// <summary>Without the secret, so that no log has it.</summary>
    public override string ToString() => WorkerId;
}

/// <summary>
/// How a worker is: part of its registration, and the body of its heartbeat, <c>POST /workers/{id}/beat</c> with the worker's secret.
/// 204: taken. 404: it is not registered (any more) and is to register anew. 401: the secret is not that worker's.
/// </summary>
/// <param name="DataUrl">Where gateways forward to: scheme, host and port.</param>
/// <param name="ControlUrl">Where the control plane speaks to it: scheme, host and port.</param>
/// <param name="Capacity">How many sessions it takes.</param>
/// <param name="Draining">It is about to stop and takes no new sessions.</param>
public sealed record WorkerPresence(
    Uri DataUrl, Uri ControlUrl, int Capacity, bool Draining, IReadOnlyList<PlacementInfo> Placements, IReadOnlyList<CatalogueClone> Catalogue);
