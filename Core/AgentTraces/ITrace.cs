using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.Errors;

namespace ControlPlane.AgentTraces;

/// <summary>
/// The payloads of one root. Keyed by workspace id, a slash and the root's id. Only <see cref="ITraceIndex"/> of its workspace speaks to it,
/// and knows whether the root is there at all.
/// </summary>
public interface ITrace
{
    /// <summary>Adds a payload, or replaces the one with its id; durable when it answers.</summary>
    /// <exception cref="ControlPlaneException">413: there is no room for it.</exception>
    Task<TraceSize> AddAsync(TracePart part, CancellationToken cancellationToken = default);

    /// <summary>What is stored, in the order of arrival; empty when there is nothing.</summary>
    Task<IReadOnlyList<TracePart>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes all of it. Twice is harmless.</summary>
    Task RemoveAsync(CancellationToken cancellationToken = default);
}

/// <summary>One payload.</summary>
/// <param name="At">When it arrived.</param>
public sealed record TracePart(string TraceId, DateTimeOffset At, JsonElement Payload);

public sealed record TraceSize(int Parts, long Bytes);

/// <summary>The record of one root.</summary>
public sealed record TraceState(ImmutableList<TracePart> Parts);
