using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.AgentTraces;

/// <summary>The body of <c>POST /api/traces</c>: any JSON object. These fields say where it belongs; it is kept whole.</summary>
public sealed record TraceUpload
{
    /// <summary>What it belongs to: 1 to 100 letters, digits and <c>-_.:</c>. Absent: <c>traceId</c>, and without that a new one.</summary>
    public string? RootTraceId { get; init; }

    /// <summary>Names this payload in its root, and replaces the one that was sent with this name before. Absent: the root's id.</summary>
    public string? TraceId { get; init; }

    /// <summary>The session that it is about.</summary>
    public string? SessionId { get; init; }

    /// <summary>What was being tried, at most 64 characters.</summary>
    public string? Scenario { get; init; }

    /// <summary>Everything else in it.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>The payload is stored.</summary>
/// <param name="Ok">Always true.</param>
public sealed record TraceStored(bool Ok, string RootTraceId, string TraceId);

/// <param name="Ok">Always true.</param>
/// <param name="Deleted">How many roots there were, with all their payloads.</param>
public sealed record TracesDeleted(bool Ok, int Deleted);
