using System.Globalization;
using System.Text.Json;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>The entity behind <see cref="ISessionIndex"/>: a log of listings, folded in memory.</summary>
public sealed class SessionIndex : ISessionIndex, IEntity
{
    /// <summary>The log is written anew when this many of its entries, and more than half, say nothing any more.</summary>
    private const int CompactAfter = 10_000;

    private readonly IEntityHost _host;
    private readonly FollowedLog _log;
    private readonly Dictionary<string, SessionListing> _byId = [];
    private readonly SortedSet<SessionListing> _newestFirst = new(new NewestFirst());

    // What is asked for most is few among many: sessions that ended are listed for days.
    private readonly SortedSet<SessionListing> _open = new(new NewestFirst());

    public SessionIndex(string workspaceId, IEntityHost host)
    {
        _host = host;
        _log = new FollowedLog(host.Log, $"sessions/{workspaceId}", "The list of sessions", entry => Take(Read(entry)), Forget);
    }

    public bool IsForgettable => _byId.Count == 0 && _log.IsQuiet;

    public Task WakeAsync(CancellationToken cancellationToken = default) => _host.WakeAtAsync(null);

    public Task RecordAsync(SessionListing listing, CancellationToken cancellationToken = default) => _log.InTurnAsync(async () =>
    {
        await _log.AppendAsync(() => IsNews(listing) ? [Write(listing)] : [], cancellationToken);
        await _log.CompactAsync(CompactAfter, _byId.Count, () => [.. _newestFirst.Select(Write)], cancellationToken);
        return true;
    }, cancellationToken);

    public Task<SessionPage> PageAsync(SessionQuery query, CancellationToken cancellationToken = default) => _log.InTurnAsync(() =>
    {
        var all = query.Statuses.Count > 0 && query.Statuses.All(IsOpen) ? _open : _newestFirst;
        var from = query.After is { } after ? AfterCursor(all, after) : all;
        var page = from.Where(listing => Fits(listing, query)).Take(query.Limit + 1).ToList();
        var more = page.Count > query.Limit;
        return Task.FromResult(new SessionPage(
            [.. page.Take(query.Limit).Select(listing => listing.SessionId)], more ? Cursor(page[query.Limit - 1]) : null));
    }, cancellationToken);

    private static bool Fits(SessionListing listing, SessionQuery query) =>
        (query.Statuses.Count == 0 || query.Statuses.Contains(listing.Status))
        && (query.SessionId is null || listing.SessionId == query.SessionId)
        && (query.CloneName is null || listing.Clones.Contains(query.CloneName))
        && (query.Label is not { } label
            || (listing.Labels is { } labels && labels.TryGetValue(label.Key, out var value) && (label.Value is null || label.Value == value)));

    private bool IsNews(SessionListing listing) =>
        _byId.TryGetValue(listing.SessionId, out var known) ? known.Version < listing.Version : !listing.Forgotten;

    private void Take(SessionListing listing)
    {
        if (_byId.Remove(listing.SessionId, out var known))
        {
            _newestFirst.Remove(known);
            _open.Remove(known);
            listing = known.Version > listing.Version ? known : listing;
        }

        if (!listing.Forgotten)
        {
            _byId[listing.SessionId] = listing;
            _newestFirst.Add(listing);
            if (IsOpen(listing.Status))
            {
                _open.Add(listing);
            }
        }
    }

    private void Forget()
    {
        _byId.Clear();
        _newestFirst.Clear();
        _open.Clear();
    }

    private static bool IsOpen(SessionStatus status) => status is SessionStatus.Starting or SessionStatus.Running;

    private static SortedSet<SessionListing> AfterCursor(SortedSet<SessionListing> all, string cursor)
    {
        var parts = cursor.Split('_', 2);
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            throw new ControlPlaneException(ErrorCode.RequestInvalid, "cursor: it is not one that a list answered.");
        }

        // The smallest that comes after the cursor's own session: the same moment, and the id with the lowest character behind it.
        var after = new SessionListing(parts[1] + "\0", 0, SessionStatus.Ended, new DateTimeOffset(ticks, TimeSpan.Zero), [], null);
        return all.Count == 0 || NewestFirst.Order(after, all.Max!) > 0 ? [] : all.GetViewBetween(after, all.Max);
    }

    private static string Cursor(SessionListing last) =>
        $"{last.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}_{last.SessionId}";

    private static string Write(SessionListing listing) => JsonSerializer.Serialize(listing, CoreJson.Default.SessionListing);

    private static SessionListing Read(LogEntry entry) => JsonSerializer.Deserialize(entry.Text, CoreJson.Default.SessionListing)
        ?? throw new InvalidDataException($"Entry {entry.Position} of a list of sessions is empty.");

    private sealed class NewestFirst : IComparer<SessionListing>
    {
        public int Compare(SessionListing? x, SessionListing? y) => Order(x!, y!);

        public static int Order(SessionListing one, SessionListing other)
        {
            var byTime = other.CreatedAt.UtcTicks.CompareTo(one.CreatedAt.UtcTicks);
            return byTime != 0 ? byTime : string.CompareOrdinal(one.SessionId, other.SessionId);
        }
    }
}
