using System.Text.Json;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Events;

/// <summary>The entity behind <see cref="ISessionEvents"/>: a log, of which only what tells new from known is kept in memory.</summary>
public sealed class SessionEvents : ISessionEvents, IEntity
{
    /// <summary>How many events of a workspace are kept at least; when there are a tenth more, the oldest are forgotten.</summary>
    public const int Kept = 10_000;

    /// <summary>
    /// A question that waits is answered after this at the latest. Another activation may have appended meanwhile, and nobody tells this
    /// one: so it is also the longest that an event is late.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private const int ReadAtOnce = 500;

    private readonly IEntityHost _host;
    private readonly FollowedLog _log;
    private readonly Dictionary<string, Known> _sessions = [];
    // Changed in a turn alone.
    private TaskCompletionSource _appended = New();
    private int _waiting;

    public SessionEvents(string workspaceId, IEntityHost host)
    {
        _host = host;
        _log = new FollowedLog(host.Log, $"events/{workspaceId}", "The workspace's events", entry => Take(entry.Position, Read(entry)));
    }

    public bool IsForgettable => _sessions.Count == 0 && _log.IsQuiet && Volatile.Read(ref _waiting) == 0;

    public Task WakeAsync(CancellationToken cancellationToken = default) => _host.WakeAtAsync(null);

    public Task RecordAsync(IReadOnlyList<SessionEvent> happened, CancellationToken cancellationToken = default) => _log.InTurnAsync(async () =>
    {
        await _log.AppendAsync(
            () => [.. happened.Where(IsNew).Select(one => JsonSerializer.Serialize(one, CoreJson.Default.SessionEvent))], cancellationToken);
        if (await _log.KeepLatestAsync(Kept, cancellationToken))
        {
            foreach (var old in _sessions.Where(session => session.Value.Last < _log.First).Select(session => session.Key).ToList())
            {
                _sessions.Remove(old);
            }
        }

        return true;
    }, cancellationToken);

    public async Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        var (page, appended) = await PageAsync(query, cancellationToken);
        if (!query.Waits || page.IsGone || page.Events.Count > 0)
        {
            return page;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            await appended.WaitAsync(LongestWait, _host.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Looked at once more all the same.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return (await PageAsync(query with { After = page.Last }, cancellationToken)).Page;
    }

    /// <summary>What there is, and what is over when there may be more.</summary>
    private Task<(EventPage Page, Task Appended)> PageAsync(EventQuery query, CancellationToken cancellationToken) => _log.InTurnAsync(async () =>
    {
        var last = query.After ?? Beginning(query.SessionId);
        if (last < _log.First - 1 || last >= _log.Next)
        {
            return (new EventPage([], _log.Next - 1, IsGone: true), Task.CompletedTask);
        }

        var found = new List<NumberedEvent>();
        while (last < _log.Next - 1 && found.Count < query.Limit)
        {
            foreach (var entry in await _log.ReadAsync(last + 1, ReadAtOnce, cancellationToken))
            {
                if (found.Count == query.Limit)
                {
                    break;
                }

                last = entry.Position;
                var read = Read(entry);
                if (query.SessionId is null || query.SessionId == read.SessionId)
                {
                    found.Add(new NumberedEvent(last, read));
                }
            }
        }

        _appended = _appended.Task.IsCompleted ? New() : _appended;
        return (new EventPage(found, last), _appended.Task);
    }, cancellationToken);

    /// <summary>What comes after it is what somebody reads who has read nothing.</summary>
    private long Beginning(string? sessionId) => sessionId is null || !_sessions.TryGetValue(sessionId, out var known)
        ? _log.Next - 1
        : Math.Max(known.First, _log.First) - 1;

    private bool IsNew(SessionEvent happened) => !_sessions.TryGetValue(happened.SessionId, out var known)
        || (!known.IsOver && happened != known.Latest && !(happened.Kind == SessionEventKind.Created || (happened.Kind == SessionEventKind.Running && known.HasRun)));

    private void Take(long position, SessionEvent happened)
    {
        if (!_sessions.TryGetValue(happened.SessionId, out var known))
        {
            _sessions[happened.SessionId] = known = new Known(position);
        }

        (known.Last, known.Latest) = (position, happened);
        known.HasRun |= happened.Kind == SessionEventKind.Running;
        known.IsOver |= SessionEvent.IsLast(happened.Kind);

        // Whoever waits looks anew once it has its turn, which is behind this one: it sees all that is appended at once.
        _appended.TrySetResult();
    }

    private static SessionEvent Read(LogEntry entry) => JsonSerializer.Deserialize(entry.Text, CoreJson.Default.SessionEvent)
        ?? throw new InvalidDataException($"Entry {entry.Position} of a log of events is empty.");

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is known of a session: where its events begin and end, and which of them cannot come again.</summary>
    private sealed class Known(long first)
    {
        public long First => first;

        public long Last { get; set; }

        /// <summary>It may be told once more by whoever did not hear that it was recorded.</summary>
        public SessionEvent? Latest { get; set; }

        public bool HasRun { get; set; }

        public bool IsOver { get; set; }
    }
}
