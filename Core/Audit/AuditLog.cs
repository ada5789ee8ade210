using System.Text.Json;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Audit;

/// <summary>The entity behind <see cref="IAuditLog"/>: a log of acts, of which the ids are kept in memory.</summary>
public sealed class AuditLog : IAuditLog, IEntity
{
    /// <summary>How many acts are kept at least; when there are a tenth more, the oldest are forgotten.</summary>
    public const int Kept = 10_000;

    /// <summary>How many refused acts are recorded within an hour; a flood of them must not push out what was done.</summary>
    public const int RefusedPerHour = 60;

    private const int ReadAtOnce = 500;

    private readonly IEntityHost _host;
    private readonly FollowedLog _log;
    private readonly Queue<string> _order = [];
    private readonly HashSet<string> _known = [];
    private DateTimeOffset _hour;
    private int _refused;
    private int _omitted;

    public AuditLog(string workspaceId, IEntityHost host)
    {
        _host = host;
        _log = new FollowedLog(host.Log, $"audit/{workspaceId}", "The audit log", entry => Take(Read(entry)));
    }

    public bool IsForgettable => _known.Count == 0 && _log.IsQuiet;

    public Task WakeAsync(CancellationToken cancellationToken = default) => _host.WakeAtAsync(null);

    public Task RecordAsync(AuditEvent happened, CancellationToken cancellationToken = default) => _log.InTurnAsync(async () =>
    {
        if (happened.Refused is null || HasRoom())
        {
            var text = JsonSerializer.Serialize(happened.Refused is null ? happened : happened with { Omitted = _omitted }, CoreJson.Default.AuditEvent);
            await _log.AppendAsync(() => _known.Contains(happened.Id) ? [] : [text], cancellationToken);
            _omitted = happened.Refused is null ? _omitted : 0;
        }

        return await _log.KeepLatestAsync(Kept, cancellationToken);
    }, cancellationToken);

    public Task<AuditPage> PageAsync(AuditQuery query, CancellationToken cancellationToken = default) => _log.InTurnAsync(async () =>
    {
        var page = new List<AuditEvent>();
        var before = query.Before is { } cursor && cursor < _log.Next ? cursor : _log.Next;
        while (before > _log.First)
        {
            var from = Math.Max(_log.First, before - ReadAtOnce);
            var entries = await _log.ReadAsync(from, (int)(before - from), cancellationToken);
            foreach (var entry in entries.Reverse())
            {
                before = entry.Position;
                if (Read(entry) is var read && (query.Action is null || read.Action == query.Action))
                {
                    page.Add(read);
                    if (page.Count == query.Limit)
                    {
                        return new AuditPage(page, before > _log.First ? before : null);
                    }
                }
            }

            before = from;
        }

        return new AuditPage(page, null);
    }, cancellationToken);

    private static AuditEvent Read(LogEntry entry) => JsonSerializer.Deserialize(entry.Text, CoreJson.Default.AuditEvent)
        ?? throw new InvalidDataException($"Entry {entry.Position} of an audit log is empty.");

    private void Take(AuditEvent happened)
    {
        _known.Add(happened.Id);
        _order.Enqueue(happened.Id);
        if (_order.Count > Kept + (Kept / 10) + 1)
        {
            _known.Remove(_order.Dequeue());
        }
    }

    /// <summary>Whether one more refused act is recorded. One that is not is counted into the next that is.</summary>
    private bool HasRoom()
    {
        var now = _host.Time.GetUtcNow();
        if (now - _hour >= TimeSpan.FromHours(1) || now < _hour)
        {
            (_hour, _refused) = (now, 0);
        }

        _omitted += _refused < RefusedPerHour ? 0 : 1;
        return _refused++ < RefusedPerHour;
    }
}
