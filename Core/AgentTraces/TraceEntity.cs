using System.Text.Json;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.AgentTraces;

/// <summary>The entity behind <see cref="ITrace"/>.</summary>
public sealed class TraceEntity(IEntityHost host) : ITrace, IEntity
{
    /// <summary>How many bytes the payloads of one root take at most: the rest of what a record may hold is for what is around them.</summary>
    public const int MostBytes = 192 * 1024;

    /// <summary>How many payloads one root has at most.</summary>
    public const int MostParts = 200;

    public bool IsForgettable => true;

    public Task WakeAsync(CancellationToken cancellationToken = default) => host.WakeAtAsync(null);

    public Task<TraceSize> AddAsync(TracePart part, CancellationToken cancellationToken = default) => Record().ChangeAsync(
        (state, _) =>
        {
            var others = state?.Parts.RemoveAll(other => other.TraceId == part.TraceId) ?? [];
            var next = new TraceState(others.Add(part));
            var size = new TraceSize(next.Parts.Count, next.Parts.Sum(one => Bytes(one.Payload)));
            return size.Parts <= MostParts && size.Bytes <= MostBytes
                ? Decision<TraceState, TraceSize>.Save(next, size)
                : throw Full();
        },
        cancellationToken);

    public async Task<IReadOnlyList<TracePart>> ReadAsync(CancellationToken cancellationToken = default) =>
        (await Record().ReadAsync(cancellationToken)).State?.Parts ?? [];

    public Task RemoveAsync(CancellationToken cancellationToken = default) => Record().ChangeAsync(
        (state, _) => state is null ? Decision<TraceState, bool>.Keep(false) : Decision<TraceState, bool>.Remove(true), cancellationToken);

    /// <summary>What a payload takes in store.</summary>
    internal static int Bytes(JsonElement payload) => JsonSerializer.SerializeToUtf8Bytes(payload, CoreJson.Default.JsonElement).Length;

    internal static ControlPlaneException Full() => new(
        ErrorCode.BodyTooLarge,
        $"One trace root holds {MostParts} payloads and {MostBytes / 1024} KiB of JSON in all. Send smaller payloads, or more of them under another rootTraceId.");

    // A record for each call: what one keeps in memory would be kept of every trace that anybody ever looked at.
    private Record<TraceState> Record() => new(host.Store<TraceState>());
}
