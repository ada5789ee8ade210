namespace ControlPlane.Workers;

/// <summary>What workers say on the wire, as the pool takes it.</summary>
internal static class WorkerBeats
{
    public static WorkerBeat ToBeat(this WorkerPresence presence, string workerId, WorkerAddress address) =>
        Beat(workerId, address, presence.Capacity, presence.Placements, presence.Catalogue, presence.Draining);

    public static WorkerBeat ToBeat(this WorkerStatus status, WorkerAddress address) =>
        Beat(status.WorkerId, address, status.Capacity, status.Placements, status.Catalogue, status.Draining);

    private static WorkerBeat Beat(
        string workerId, WorkerAddress address, int capacity, IEnumerable<PlacementInfo> placements,
        IEnumerable<Sessions.CatalogueClone> catalogue, bool draining) => new(
        workerId, address, capacity, [.. placements.Select(held => new HeldPlacement(held.Session, held.Epoch))],
        [.. catalogue.Select(clone => new OfferedClone(
            clone.Id, clone.Name, clone.Description, [.. clone.Seeds.Select(seed => new OfferedSeed(seed.Id, seed.Description))],
            clone.Tools is null ? null : [.. clone.Tools.Select(tool => new OfferedTool(tool.Name, tool.Method, tool.Path))]))],
        draining);
}
