using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

/// <summary>All placements of a worker, and the sessions that ended last.</summary>
internal sealed record PlacementTable(
    ImmutableDictionary<string, PlacementRecord> Placements,
    ImmutableDictionary<string, long> Ended,
    ImmutableQueue<string> EndedOrder)
{
    public static readonly PlacementTable Empty = new(
        ImmutableDictionary.Create<string, PlacementRecord>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, long>(StringComparer.Ordinal),
        []);
}

/// <summary>How the table is made of changes.</summary>
internal sealed class PlacementRules : IJournaled<PlacementTable, PlacementChange>
{
    // A start is delayed by seconds, not by thousands of sessions.
    private const int EndedKept = 4096;

    public PlacementTable Nothing => PlacementTable.Empty;

    public JsonTypeInfo<PlacementChange> Json => PlacementsJson.Default.PlacementChange;

    public PlacementTable Apply(PlacementTable state, PlacementChange change) => change switch
    {
        { Placed: { } placed } => state with { Placements = state.Placements.SetItem(placed.Session, placed) },
        { Ended: { } ended } => Remember(state with { Placements = state.Placements.Remove(ended.Session) }, ended),
        _ => state,
    };

    public IEnumerable<PlacementChange> Export(PlacementTable state) =>
        state.EndedOrder.Select(session => new PlacementChange(Ended: new EndedPlacement(session, state.Ended[session])))
            .Concat(state.Placements.Values.Select(placed => new PlacementChange(placed)));

    private static PlacementTable Remember(PlacementTable state, EndedPlacement ended)
    {
        var order = state.Ended.ContainsKey(ended.Session) ? state.EndedOrder : state.EndedOrder.Enqueue(ended.Session);
        var known = state.Ended.SetItem(ended.Session, Math.Max(ended.Epoch, state.Ended.GetValueOrDefault(ended.Session)));
        if (known.Count > EndedKept)
        {
            order = order.Dequeue(out var oldest);
            known = known.Remove(oldest);
        }

        return state with { Ended = known, EndedOrder = order };
    }
}
