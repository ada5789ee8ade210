using System.Collections.Immutable;
using System.Security.Cryptography;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

internal enum StartOutcome
{
    Started,
    EpochPassed,
    KeyDiffers,
    Full,
}

/// <summary>What a start or an end does to the table. Pure.</summary>
internal static class PlacementDecisions
{
    public static Decision<PlacementChange, StartOutcome> Start(PlacementTable table, string session, PlacementStart start, int capacity)
    {
        var digest = Ticket.Digest(start.Key);
        var held = table.Placements.GetValueOrDefault(session);
        if (held is null)
        {
            return table.Ended.TryGetValue(session, out var ended) && start.Epoch <= ended ? new(StartOutcome.EpochPassed)
                : table.Placements.Count >= capacity ? new(StartOutcome.Full)
                : Placed(start, session, digest, ImmutableDictionary<string, PlacedClone>.Empty);
        }

        if (start.Epoch < held.Epoch)
        {
            return new(StartOutcome.EpochPassed);
        }

        if (start.Epoch > held.Epoch)
        {
            return Placed(start, session, digest, held.Clones);
        }

        var same = CryptographicOperations.FixedTimeEquals(digest, held.KeyDigest)
            && start.Clones.Count == held.Clones.Count
            && start.Clones.All(clone => held.Clones.GetValueOrDefault(clone.Key)?.Seed == clone.Value);
        return new(same ? StartOutcome.Started : StartOutcome.KeyDiffers);
    }

    /// <summary>The answer is what was held and is not any more.</summary>
    /// <param name="upTo">Only a placement of this epoch or an earlier one; null means whatever is there.</param>
    public static Decision<PlacementChange, PlacementRecord?> End(PlacementTable table, string session, long? upTo)
    {
        var held = table.Placements.GetValueOrDefault(session);
        if (held is not null && held.Epoch > (upTo ?? long.MaxValue))
        {
            return default;
        }

        var epoch = Math.Max(held?.Epoch ?? 0, upTo ?? 0);
        return held is null && table.Ended.GetValueOrDefault(session) >= epoch
            ? default
            : new(held, new PlacementChange(Ended: new EndedPlacement(session, epoch)));
    }

    // A clone that goes on from the same seed keeps its state under the new key: nothing acknowledged is lost.
    private static Decision<PlacementChange, StartOutcome> Placed(
        PlacementStart start, string session, byte[] digest, ImmutableDictionary<string, PlacedClone> before)
    {
        var clones = start.Clones.ToImmutableDictionary(
            clone => clone.Key,
            clone => before.GetValueOrDefault(clone.Key) is { } kept && kept.Seed == clone.Value ? kept : new(clone.Value, start.Epoch),
            StringComparer.Ordinal);
        return new(StartOutcome.Started, new PlacementChange(new PlacementRecord(session, start.Epoch, digest, clones)));
    }
}
