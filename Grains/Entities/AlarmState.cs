using System.Collections.Immutable;

namespace ControlPlane.Entities;

/// <summary>The record of one alarm grain: <c>kind/key</c> → when it is due.</summary>
public sealed record AlarmState(ImmutableDictionary<string, DateTimeOffset> Due)
{
    public static AlarmState Empty { get; } = new(ImmutableDictionary<string, DateTimeOffset>.Empty);
}
