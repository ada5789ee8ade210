using System.Globalization;
using System.Text.Json;
using ControlPlane.Entities;
using ControlPlane.Errors;

namespace ControlPlane.Sessions;

/// <summary>
/// The entity behind <see cref="ISessionIndex"/>: a log of listings, folded in memory. Each question first reads what others appended since.
/// </summary>
public sealed class SessionIndex(string workspaceId, IEntityHost host) : ISessionIndex, IEntity
{
    private const int ReadAtOnce = 1000;

    /// <summary>The log is written anew when this many of its entries, and more than half, say nothing any more.</summary>
    private const int TrimAfter = 10_000;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, SessionListing> _byId = [];
    private readonly SortedSet<SessionListing> _newestFirst = new(new NewestFirst());
    private readonly string _log = $"sessions/{workspaceId}";
    private long _next = 1;
    private long _first = 1;

    public bool IsForgettable => _byId.Count == 0 && _turn.CurrentCount == 1;

    public Task WakeAsync(CancellationToken cancellationToken = default) => host.WakeAtAsync(null);

    public Task RecordAsync(SessionListing listing, CancellationToken cancellationToken = default) => InTurnAsync(async () =>
    {
        do
        {
            await CatchUpAsync(cancellationToken);
            if (_byId.TryGetValue(listing.SessionId, out var known) ? known.Version >= listing.Version : listing.Forgotten)
            {
                return true;
            }
        }
        while (!await AppendAsync([listing], cancellationToken));

        await TrimAsync(cancellationToken);
        return true;
    }, cancellationToken);

    public Task<SessionPage> PageAsync(SessionQuery query, CancellationToken cancellationToken = default) => InTurnAsync(async () =>
    {
        await CatchUpAsync(cancellationToken);
        var from = query.After is { } after ? AfterCursor(after) : _newestFirst;
        var page = from.Where(listing => Fits(listing, query)).Take(query.Limit + 1).ToList();
        var more = page.Count > query.Limit;
        return new SessionPage(
            [.. page.Take(query.Limit).Select(listing => listing.SessionId)], more ? Cursor(page[query.Limit - 1]) : null);
    }, cancellationToken);

    private static bool Fits(SessionListing listing, SessionQuery query) =>
        (query.Statuses.Count == 0 || query.Statuses.Contains(listing.Status))
        && (query.SessionId is null || listing.SessionId == query.SessionId)
        && (query.CloneName is null || listing.Clones.Contains(query.CloneName))
        && (query.Label is not { } label
            || (listing.Labels is { } labels && labels.TryGetValue(label.Key, out var value) && (label.Value is null || label.Value == value)));

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var entries = await host.Log.ReadAsync(_log, _next, ReadAtOnce, cancellationToken);
            foreach (var entry in entries)
            {
                // The first that is read of a log is the first that it has: what lay before was trimmed.
                _first = _next == 1 ? entry.Position : _first;
                Take(JsonSerializer.Deserialize(entry.Text, CoreJson.Default.SessionListing)
                    ?? throw new InvalidDataException($"Entry {entry.Position} of the log {_log} is empty."));
                _next = entry.Position + 1;
            }

            if (entries.Count < ReadAtOnce)
            {
                return;
            }
        }
    }

    private void Take(SessionListing listing)
    {
        if (_byId.Remove(listing.SessionId, out var known))
        {
            _newestFirst.Remove(known);
            listing = known.Version > listing.Version ? known : listing;
        }

        if (!listing.Forgotten)
        {
            _byId[listing.SessionId] = listing;
            _newestFirst.Add(listing);
        }
    }

    private async Task<bool> AppendAsync(IReadOnlyList<SessionListing> listings, CancellationToken cancellationToken)
    {
        var texts = listings.Select(listing => JsonSerializer.Serialize(listing, CoreJson.Default.SessionListing)).ToList();
        if (!await host.Log.TryAppendAsync(_log, _next, texts, cancellationToken))
        {
            return false;
        }

        foreach (var listing in listings)
        {
            Take(listing);
        }

        _next += listings.Count;
        return true;
    }

    /// <summary>What still says something is appended once more before anything is forgotten, so a crash in between loses nothing.</summary>
    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        if (_next - _first - _byId.Count < TrimAfter || (_next - _first) / 2 < _byId.Count)
        {
            return;
        }

        var from = _next;
        if (_byId.Count == 0 || await AppendAsync([.. _newestFirst], cancellationToken))
        {
            await host.Log.TrimAsync(_log, from, cancellationToken);
            _first = from;
        }
    }

    private SortedSet<SessionListing> AfterCursor(string cursor)
    {
        var parts = cursor.Split('_', 2);
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            throw new ControlPlaneException(ErrorCode.RequestInvalid, "cursor: it is not one that a list answered.");
        }

        // The smallest that comes after the cursor's own session: the same moment, and the id with the lowest character behind it.
        var after = new SessionListing(parts[1] + "\0", 0, SessionStatus.Ended, new DateTimeOffset(ticks, TimeSpan.Zero), [], null);
        return _newestFirst.Count == 0 || NewestFirst.Order(after, _newestFirst.Max!) > 0 ? [] : _newestFirst.GetViewBetween(after, _newestFirst.Max);
    }

    private static string Cursor(SessionListing last) =>
        $"{last.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}_{last.SessionId}";

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await act();
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or ControlPlaneException or InvalidDataException or JsonException))
        {
            // A log that cannot be read never means that there are no sessions.
            throw new ControlPlaneException(
                new Refusal(ErrorCode.ControlPlaneUnavailable, "The list of sessions cannot be read or written now. Try again.", TimeSpan.FromSeconds(1)), problem);
        }
        finally
        {
            _turn.Release();
        }
    }

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
