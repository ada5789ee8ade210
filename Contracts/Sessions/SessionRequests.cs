using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Sessions;

/// <summary>The body of <c>POST /api/sessions</c>: the published fields, and our <c>name</c> and <c>labels</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateSessionRequest
{
    /// <summary>Which clones the session has, at least one, each once.</summary>
    public IReadOnlyList<string>? Clones { get; init; }

    /// <summary>Clone name → name of the seed that it starts from; the clone's first in the catalogue where none is named.</summary>
    public IReadOnlyDictionary<string, string>? Seeds { get; init; }

    /// <summary>Seconds from creation to the absolute end, 1 to 86 400; 24 hours when absent.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>How many requests the whole session may make, 1 to 100 000; unlimited when absent.</summary>
    public int? RateLimit { get; init; }

    /// <summary>A name for people, at most 100 characters; it need not be unique.</summary>
    public string? Name { get; init; }

    /// <summary>Labels to find sessions by, at most 16.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Check everything and create nothing.</summary>
    public bool? PreflightOnly { get; init; }

    /// <summary>One of the scenarios that <c>GET /api/scenarios</c> lists; its seeds are those of the clones for which <c>seeds</c> names none.</summary>
    public string? ScenarioId { get; init; }

    // Published fields that mean nothing here: checked, kept and echoed.
    public string? Transport { get; init; }
    public int? ScenarioRunCount { get; init; }
    public JsonElement? Routing { get; init; }
    public JsonElement? Source { get; init; }
    public JsonElement? Credential { get; init; }
    public JsonElement? RunConfig { get; init; }
    public JsonElement? ScenarioDraft { get; init; }
    public JsonElement? RunProject { get; init; }
}

/// <summary>The body of <c>POST /api/sessions/{id}/renew</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RenewSessionRequest
{
    /// <summary>How many seconds from now both deadlines lie at least, 1 to 86 400; 3600 when absent.</summary>
    public int? TtlSeconds { get; init; }
}

/// <summary>The body of <c>POST /api/sessions/{id}/reset</c>, which may be absent.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResetSessionRequest
{
    /// <summary>The clone that goes back to the seed of the session's creation; all of them when absent.</summary>
    [JsonPropertyName("clone")]
    public string? CloneName { get; init; }
}

/// <summary>The body of <c>POST /api/sessions/{id}/clones/{clone}/seed</c>: one of the two.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SeedCloneRequest
{
    /// <summary>The name of one of the clone's seeds.</summary>
    public string? Seed { get; init; }

    /// <summary>A whole state, as <c>GET …/state</c> gives it; at most 32 MiB.</summary>
    public JsonElement? State { get; init; }
}
