using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Workers;

/// <summary>A placement as it is kept.</summary>
internal sealed record PlacementRecord(string Session, long Epoch, byte[] KeyDigest, ImmutableDictionary<string, PlacedClone> Clones)
{
    public IReadOnlyDictionary<string, string> Seeds => Clones.ToDictionary(clone => clone.Key, clone => clone.Value.Seed);
}

/// <param name="Since">The epoch in which this state began; it names the clone's file, so that what is begun anew never finds an old one.</param>
internal sealed record PlacedClone(string Seed, long Since);

/// <summary>One change to what a worker holds: a placement taken or replaced, or one that has ended.</summary>
internal sealed record PlacementChange(PlacementRecord? Placed = null, EndedPlacement? Ended = null);

/// <summary>Remembered for a while, so that a start that was delayed on its way cannot bring back what has been ended since.</summary>
internal sealed record EndedPlacement(string Session, long Epoch);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    // A later version's change is an error here: to read past it would lose what was acknowledged.
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(PlacementChange))]
internal sealed partial class PlacementsJson : JsonSerializerContext;
