using System.Collections.Immutable;

namespace ControlPlane.Workers;

/// <summary>What the pool knows of one worker.</summary>
/// <param name="Heard">When it was last heard of, on the monotonic clock.</param>
/// <param name="Placed">What it holds, and what was placed there since it said so.</param>
/// <param name="Confirmed">The placements whose sessions have said that they are theirs, and know where the worker is.</param>
/// <param name="Given">The sessions that were placed there and that it has not named yet: when, on the monotonic clock.</param>
internal sealed record WorkerSeat(
    WorkerBeat Beat, long Heard, int Placed, ImmutableHashSet<HeldPlacement> Confirmed, ImmutableSortedDictionary<string, long> Given, bool IsLost = false)
{
    public int Free => Beat.Draining ? 0 : Beat.Capacity - Placed;

    /// <summary>What the worker holds that nobody has confirmed yet.</summary>
    public IReadOnlyList<HeldPlacement> Unconfirmed => [.. Beat.Placements.Where(held => !Confirmed.Contains(held))];

    /// <summary>Whoever is to know when it is lost.</summary>
    public IReadOnlyList<string> Sessions => [.. Beat.Placements.Select(held => held.SessionId).Union(Given.Keys)];

    public static WorkerSeat Of(WorkerBeat beat, long now) => new(
        beat, now, beat.Placements.Count, [], ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>
    /// Heard of again. Of one that has moved, or that was silent for so long that its sessions may have been given up, each placement is to
    /// be confirmed anew.
    /// </summary>
    /// <param name="startedBy">What was placed there before this reading and is not named has ended, or begins elsewhere.</param>
    public WorkerSeat HeardAgain(WorkerBeat beat, long now, bool wasSilent, long startedBy) => new(
        beat, now, beat.Placements.Count, wasSilent || beat.Address.Data != Beat.Address.Data ? [] : Confirmed.Intersect(beat.Placements),
        Given.RemoveRange(beat.Placements.Select(held => held.SessionId).Concat(Given.Where(row => row.Value < startedBy).Select(row => row.Key))));

    /// <summary>A session that was placed there is to know, too.</summary>
    public WorkerSeat Naming(string sessionId, long now) => this with { Given = Given.SetItem(sessionId, now) };

    public bool Offers(IReadOnlyList<string> clones) => clones.All(clone => Beat.Offers.Any(offer => offer.Id == clone));
}
