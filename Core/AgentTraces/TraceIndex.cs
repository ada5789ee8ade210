using System.Globalization;
using System.Text.Json;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.AgentTraces;

/// <summary>
/// The entity behind <see cref="ITraceIndex"/>: a log of roots, folded in memory, and a record of payloads for each.
/// </summary>
/// <remarks>
/// A root is listed before its payloads are stored, and they are deleted before it is unlisted. So there are never payloads that no list
/// knows; a crash in between leaves a root without payloads, which is deleted, replaced or pushed out like any other.
/// </remarks>
public sealed class TraceIndex : ITraceIndex, IEntity
{
    /// <summary>How many roots a workspace has at most; when there are more, the oldest go.</summary>
    public const int MostRoots = 1_000;

    /// <summary>How many bytes all payloads of a workspace take at most; when there are more, the oldest roots go.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The log is written anew when this many of its entries say nothing any more.</summary>
    private const int CompactAfter = 2 * MostRoots;

    private readonly string _workspaceId;
    private readonly IEntityHost _host;
    private readonly FollowedLog _log;
    private readonly Dictionary<string, TraceListing> _roots = [];

    public TraceIndex(string workspaceId, IEntityHost host)
    {
        (_workspaceId, _host) = (workspaceId, host);
        _log = new FollowedLog(host.Log, $"traces/{workspaceId}", "The workspace's list of traces", Take, _roots.Clear);
    }

    public bool IsForgettable => _roots.Count == 0 && _log.IsQuiet;

    public Task WakeAsync(CancellationToken cancellationToken = default) => _host.WakeAtAsync(null);

    public Task<TraceListing> AddAsync(Caller caller, NewTrace trace, CancellationToken cancellationToken = default) => _log.InTurnAsync(async () =>
    {
        var known = _roots.GetValueOrDefault(trace.RootTraceId);
        var session = known is { SessionId: { } its } ? its : trace.SessionId;
        caller.Must(Scopes.SessionsWrite, known is null ? session : known.SessionId);
        if (trace.SessionId is not null && trace.SessionId != session)
        {
            throw new ControlPlaneException(ErrorCode.RequestInvalid, "sessionId: the root was begun for another session. Use another rootTraceId.");
        }

        if (TraceEntity.Bytes(trace.Payload) > TraceEntity.MostBytes)
        {
            throw TraceEntity.Full();
        }

        var now = _host.Time.GetUtcNow();
        var listing = known ?? new TraceListing(trace.RootTraceId, now, now, caller.Name, session, trace.Scenario, 0, 0);
        // What is begun is finished, also when the caller has gone.
        if (known is null)
        {
            await AppendAsync([listing]);
        }

        var size = await Payloads(trace.RootTraceId).AddAsync(new TracePart(trace.TraceId, now, trace.Payload), CancellationToken.None);
        listing = listing with
        {
            UpdatedAt = now, SessionId = session, Scenario = trace.Scenario ?? listing.Scenario, Parts = size.Parts, Bytes = size.Bytes,
        };
        await AppendAsync([listing]);
        await MakeRoomAsync(listing.RootTraceId);
        return listing;
    }, cancellationToken);

    public Task<TracePage> PageAsync(Caller caller, TraceQuery query, CancellationToken cancellationToken = default)
    {
        caller.Must(Scopes.SessionsRead, caller.SessionId);
        return _log.InTurnAsync(() =>
        {
            var fitting = NewestFirst().Where(root => IsFor(caller, root)
                && (query.Since is null || root.CreatedAt >= query.Since)
                && (query.SessionId is null || root.SessionId == query.SessionId)
                && (query.Scenario is null || root.Scenario == query.Scenario)).ToList();
            var page = (query.After is { } cursor ? fitting.Where(After(cursor)) : fitting).Take(query.Limit + 1).ToList();
            return Task.FromResult(new TracePage(
                [.. page.Take(query.Limit)], page.Count > query.Limit ? Cursor(page[query.Limit - 1]) : null,
                new TraceStats(
                    fitting.Count, fitting.Sum(root => root.Parts), fitting.Sum(root => root.Bytes),
                    fitting.Count == 0 ? null : fitting[^1].CreatedAt, fitting.Count == 0 ? null : fitting[0].CreatedAt)));
        }, cancellationToken);
    }

    public async Task<TraceDetail?> FindAsync(Caller caller, string rootTraceId, CancellationToken cancellationToken = default)
    {
        caller.Must(Scopes.SessionsRead, caller.SessionId);
        var listing = await _log.InTurnAsync(() => Task.FromResult(_roots.GetValueOrDefault(rootTraceId)), cancellationToken);
        if (listing is null)
        {
            return null;
        }

        caller.Must(Scopes.SessionsRead, listing.SessionId);
        var parts = await Payloads(rootTraceId).ReadAsync(cancellationToken);
        return parts.Count == 0 ? null : new TraceDetail(listing, parts);
    }

    public Task<int> RemoveAsync(Caller caller, TraceSelection selection, CancellationToken cancellationToken = default)
    {
        caller.Must(Scopes.SessionsWrite, caller.SessionId);
        return _log.InTurnAsync(async () =>
        {
            var chosen = _roots.Values.Where(root => IsFor(caller, root)
                && (selection.RootTraceId is null || root.RootTraceId == selection.RootTraceId)
                && (selection.Before is null || root.CreatedAt < selection.Before)).ToList();
            await ForgetAsync(chosen);
            return chosen.Count;
        }, cancellationToken);
    }

    /// <summary>A key for one session has nothing to do with what is about another.</summary>
    private static bool IsFor(Caller caller, TraceListing root) => caller.SessionId is null || caller.SessionId == root.SessionId;

    private ITrace Payloads(string rootTraceId) => _host.Entities.Trace($"{_workspaceId}/{rootTraceId}");

    private IEnumerable<TraceListing> NewestFirst() =>
        _roots.Values.OrderByDescending(root => root.CreatedAt).ThenBy(root => root.RootTraceId, StringComparer.Ordinal);

    /// <summary>The oldest roots go until the others have room; never the one that was just sent.</summary>
    private async Task MakeRoomAsync(string justSent)
    {
        var (count, bytes) = (_roots.Count, _roots.Values.Sum(root => root.Bytes));
        var tooMany = new List<TraceListing>();
        foreach (var oldest in NewestFirst().Reverse().Where(root => root.RootTraceId != justSent))
        {
            if (count <= MostRoots && bytes <= MostBytes)
            {
                break;
            }

            tooMany.Add(oldest);
            (count, bytes) = (count - 1, bytes - oldest.Bytes);
        }

        await ForgetAsync(tooMany);
    }

    private async Task ForgetAsync(IReadOnlyList<TraceListing> roots)
    {
        foreach (var root in roots)
        {
            await Payloads(root.RootTraceId).RemoveAsync(CancellationToken.None);
        }

        await AppendAsync([.. roots.Select(root => root with { Forgotten = true })]);
    }

    private async Task AppendAsync(IReadOnlyList<TraceListing> listings)
    {
        string[] texts = [.. listings.Select(Write)];
        await _log.AppendAsync(() => texts, CancellationToken.None);
        await _log.CompactAsync(CompactAfter, _roots.Count, () => [.. _roots.Values.Select(Write)], CancellationToken.None);
    }

    private void Take(LogEntry entry)
    {
        var listing = JsonSerializer.Deserialize(entry.Text, CoreJson.Default.TraceListing)
            ?? throw new InvalidDataException($"Entry {entry.Position} of a list of traces is empty.");
        if (listing.Forgotten)
        {
            _roots.Remove(listing.RootTraceId);
        }
        else
        {
            _roots[listing.RootTraceId] = listing;
        }
    }

    private static Func<TraceListing, bool> After(string cursor)
    {
        var parts = cursor.Split('_', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? root => root.CreatedAt.UtcTicks < ticks || (root.CreatedAt.UtcTicks == ticks && string.CompareOrdinal(root.RootTraceId, parts[1]) > 0)
            : throw new ControlPlaneException(ErrorCode.RequestInvalid, "cursor: it is not one that a list answered.");
    }

    private static string Cursor(TraceListing last) => $"{last.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}_{last.RootTraceId}";

    private static string Write(TraceListing listing) => JsonSerializer.Serialize(listing, CoreJson.Default.TraceListing);
}
