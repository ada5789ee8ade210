using System.Text.Json;

namespace ControlPlane.AgentTraces;

/// <summary>A page of trace roots, newest first.</summary>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null on the last one.</param>
/// <param name="Stats">Over all pages; only when it was asked for.</param>
public sealed record TraceList(IReadOnlyList<TraceRoot> Traces, string? NextCursor = null, TraceTotals? Stats = null);

/// <summary>One root.</summary>
/// <param name="Parts">How many payloads it has.</param>
/// <param name="Bytes">What they take, as JSON.</param>
public sealed record TraceRoot(
    string RootTraceId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy, string? SessionId, string? Scenario, int Parts, long Bytes);

/// <summary>What the roots come to that fit a list's query.</summary>
public sealed record TraceTotals(int Traces, int Parts, long Bytes, DateTimeOffset? Oldest, DateTimeOffset? Newest);

/// <summary>A root with its payloads, in the order of arrival.</summary>
public sealed record TraceRecord(TraceRoot Root, IReadOnlyList<TracePayload> Traces);

/// <param name="Payload">As it was sent.</param>
public sealed record TracePayload(string TraceId, DateTimeOffset ReceivedAt, JsonElement Payload);
