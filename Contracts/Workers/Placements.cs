namespace ControlPlane.Workers;

/// <summary>
/// Control port, <c>PUT /placements/{session}</c>: start these clones and accept this placement's ticket. Putting the same epoch again
/// changes nothing and answers the same; a higher epoch ends the ticket of the one before; a lower one is 409.
/// </summary>
/// <param name="Epoch">Counts the placements of one session, from 1.</param>
/// <param name="Key">The placement's key, 256 random bits as 43 characters of base64url. A worker keeps its digest only.</param>
/// <param name="Clones">Clone name → the seed it starts from.</param>
public sealed record PlacementStart(long Epoch, string Key, IReadOnlyDictionary<string, string> Clones);

/// <summary>The answer: which clones stand, and the seed each came from.</summary>
public sealed record PlacementStarted(long Epoch, IReadOnlyDictionary<string, string> Seeds);

/// <summary>Control port, <c>GET /status</c>: what the worker is, what it can run and what it runs.</summary>
/// <param name="WorkerId">Made once in the worker's data directory and kept there.</param>
/// <param name="Capacity">How many sessions it takes.</param>
/// <param name="Draining">It is about to stop and takes no new sessions.</param>
public sealed record WorkerStatus(
    string WorkerId, int Capacity, IReadOnlyList<PlacementInfo> Placements, IReadOnlyList<Sessions.CatalogueClone> Catalogue, bool Draining = false);

/// <summary>One placement that a worker holds.</summary>
public sealed record PlacementInfo(string Session, long Epoch);

/// <summary>The codes of a start's 503 that leave another worker to be tried: nothing of the placement is held.</summary>
public static class WorkerRefusals
{
    public const string Full = "worker_full";

    public const string Draining = "worker_draining";
}
