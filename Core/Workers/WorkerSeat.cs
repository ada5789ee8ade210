using System.Collections.Immutable;

namespace ControlPlane.Workers;

/// <summary>What the pool knows of one worker.</summary>
/// <param name="Heard">When it was last heard of, on the monotonic clock.</param>
/// <param name="Placed">What it holds, and what was placed there since it said so.</param>
/// <param name="Confirmed">The placements whose sessions have said that they are theirs, and know where the worker is.</param>
internal sealed record WorkerSeat(WorkerBeat Beat, long Heard, int Placed, ImmutableHashSet<HeldPlacement> Confirmed, bool IsLost = false)
{
    public int Free => Beat.Draining ? 0 : Beat.Capacity - Placed;

    /// <summary>What the worker holds that nobody has confirmed yet.</summary>
    public IReadOnlyList<HeldPlacement> Unconfirmed => [.. Beat.Placements.Where(held => !Confirmed.Contains(held))];

    public static WorkerSeat Of(WorkerBeat beat, long now) => new(beat, now, beat.Placements.Count, []);

    /// <summary>
    /// Heard of again. Of one that has moved, or that was silent for so long that its sessions may have been given up, each placement is to
    /// be confirmed anew.
    /// </summary>
    public WorkerSeat HeardAgain(WorkerBeat beat, long now, bool wasSilent) => new(
        beat, now, beat.Placements.Count, wasSilent || beat.Address.Data != Beat.Address.Data ? [] : Confirmed.Intersect(beat.Placements));

    public bool Offers(IReadOnlyList<string> clones) => clones.All(clone => Beat.Offers.Any(offer => offer.Id == clone));
}
