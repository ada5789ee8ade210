using ControlPlane.Sessions;

namespace ControlPlane.Workers;

/// <summary>
/// A silo's internal listener, <c>POST /workers</c> with the join token: a worker has started. The answer holds the secret that its control
/// port takes from then on, and that its heartbeats show.
/// </summary>
/// <param name="WorkerId">Made once in the worker's data directory and kept there.</param>
/// <param name="ControlUrl">Where the control plane speaks to it.</param>
public sealed record WorkerRegistration(string WorkerId, Uri ControlUrl);

/// <summary>The answer to a registration.</summary>
/// <param name="Secret">The worker's own; a later registration makes another.</param>
/// <param name="BeatSeconds">How often it is to say that it is there.</param>
public sealed record WorkerRegistered(string Secret, int BeatSeconds);

/// <summary><c>POST /workers/{id}/beat</c> with the worker's secret: it is there. 401: it is to register anew.</summary>
/// <param name="DataUrl">Where gateways forward to.</param>
/// <param name="Capacity">How many sessions it takes; 0 while it is about to stop.</param>
/// <param name="Placed">How many it holds.</param>
public sealed record WorkerPresence(Uri DataUrl, int Capacity, int Placed, IReadOnlyList<CatalogueClone> Catalogue);
