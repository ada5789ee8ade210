namespace ControlPlane.Events;

/// <summary>The data of one server-sent event: what happened to a session.</summary>
/// <param name="Type"><c>created</c>, <c>running</c>, <c>renewed</c>, <c>seeded</c>, <c>reset</c>, <c>faults</c>, <c>ended</c> or <c>failed</c>; also the event's name.</param>
/// <param name="By">Who did it, such as <c>key:…</c> or <c>user:…</c>; absent when nobody did.</param>
/// <param name="CloneName">The clone that it happened to; absent: the session, or every clone.</param>
/// <param name="Seed">What a seeded clone was given; absent: a whole state.</param>
/// <param name="Cause">Of <c>ended</c> and <c>failed</c>: <c>stopped</c>, <c>idle</c>, <c>end_reached</c>, <c>worker_lost</c>, <c>start_failed</c> or <c>restored</c>.</param>
/// <param name="ExpiresAt">Of <c>renewed</c>: until when the session lives if nobody uses it.</param>
public sealed record SessionEventLine(
    string SessionId, string Type, DateTimeOffset At, string? By = null,
    [property: System.Text.Json.Serialization.JsonPropertyName("clone")] string? CloneName = null,
    string? Seed = null, string? Cause = null, string? LastError = null, DateTimeOffset? ExpiresAt = null);
