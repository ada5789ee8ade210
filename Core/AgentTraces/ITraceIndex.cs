using System.Text.Json;
using ControlPlane.Authorization;
using ControlPlane.Errors;

namespace ControlPlane.AgentTraces;

/// <summary>
/// The traces that agents and their runners sent to a workspace: a list, with the payloads of each root behind it. Keyed by workspace id.
/// </summary>
public interface ITraceIndex
{
    /// <summary>
    /// Takes a payload in, durable when it answers. One with the same two ids replaces the one before, so a repeat is harmless. When there is
    /// no more room, the oldest roots go.
    /// </summary>
    /// <exception cref="ControlPlaneException">400: the root is of another session; 403: a scope is missing; 413: the root is full.</exception>
    Task<TraceListing> AddAsync(Caller caller, NewTrace trace, CancellationToken cancellationToken = default);

    /// <summary>A page, newest first, and what all that fit come to.</summary>
    /// <exception cref="ControlPlaneException">400: the cursor; 403: a scope is missing.</exception>
    Task<TracePage> PageAsync(Caller caller, TraceQuery query, CancellationToken cancellationToken = default);

    /// <summary>A root with its payloads; null: there is none with this id.</summary>
    /// <exception cref="ControlPlaneException">403: a scope is missing, or is for another session.</exception>
    Task<TraceDetail?> FindAsync(Caller caller, string rootTraceId, CancellationToken cancellationToken = default);

    /// <summary>Deletes roots with their payloads. Again: there are none left.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="ControlPlaneException">403: a scope is missing.</exception>
    Task<int> RemoveAsync(Caller caller, TraceSelection selection, CancellationToken cancellationToken = default);
}

/// <summary>A payload that is sent.</summary>
/// <param name="RootTraceId">By <see cref="TraceId"/>.</param>
/// <param name="TraceId">Names the payload in its root.</param>
/// <param name="SessionId">The session that it is about; null: none.</param>
/// <param name="Scenario">What was being tried; null: it is not said.</param>
public sealed record NewTrace(string RootTraceId, string TraceId, string? SessionId, string? Scenario, JsonElement Payload);

/// <summary>One root as the list has it; an entry of the log behind it.</summary>
/// <param name="Parts">How many payloads it has.</param>
/// <param name="Bytes">What they take in store.</param>
/// <param name="Forgotten">The root is gone; the list forgets it too.</param>
public sealed record TraceListing(
    string RootTraceId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy, string? SessionId, string? Scenario, int Parts,
    long Bytes, bool Forgotten = false);

/// <param name="Since">Only what began at this time or later.</param>
/// <param name="After">The cursor of the page before; null: from the newest on.</param>
public sealed record TraceQuery(int Limit, DateTimeOffset? Since, string? SessionId, string? Scenario, string? After);

/// <param name="Next">The cursor of the next page; null on the last one.</param>
/// <param name="Stats">Over all pages.</param>
public sealed record TracePage(IReadOnlyList<TraceListing> Traces, string? Next, TraceStats Stats);

public sealed record TraceStats(int Traces, int Parts, long Bytes, DateTimeOffset? Oldest, DateTimeOffset? Newest);

public sealed record TraceDetail(TraceListing Listing, IReadOnlyList<TracePart> Parts);

/// <summary>What is to be deleted: what fits all that is named.</summary>
/// <param name="Before">Only what began before this.</param>
public sealed record TraceSelection(string? RootTraceId = null, DateTimeOffset? Before = null);
