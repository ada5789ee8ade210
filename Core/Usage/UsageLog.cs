using System.Text.Json;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Usage;

/// <summary>The entity behind <see cref="IUsage"/>: a log of reports, folded in memory into one row for each day and name.</summary>
public sealed class UsageLog : IUsage, IEntity
{
    /// <summary>How many days are kept, today included.</summary>
    public const int KeptDays = 92;

    /// <summary>So many names a day has; what others used is one row.</summary>
    public const int MostNames = 200;

    /// <summary>The log is written anew when it has so many entries and most of them say nothing any more.</summary>
    private const int TrimAfter = 2_000;

    private const int RowsInEntry = 200;

    /// <summary>A source that was silent for so long repeats nothing any more.</summary>
    private static readonly TimeSpan SourceKept = TimeSpan.FromHours(1);

    private readonly IEntityHost _host;
    private readonly FollowedLog _log;
    private readonly Dictionary<(DateOnly Day, string By), UsageRow> _rows = [];
    private readonly Dictionary<DateOnly, int> _names = [];
    private readonly Dictionary<string, (long Number, DateTimeOffset At)> _sources = [];

    public UsageLog(string workspaceId, IEntityHost host)
    {
        _host = host;
        _log = new FollowedLog(host.Log, $"usage/{workspaceId}", "The workspace's usage", Take);
    }

    public bool IsForgettable => _rows.Count == 0 && _log.IsQuiet;

    public Task WakeAsync(CancellationToken cancellationToken = default) => _host.WakeAtAsync(null);

    public Task AddAsync(UsageReport report, CancellationToken cancellationToken = default) => _log.InTurnAsync(async () =>
    {
        var now = _host.Time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var entry = new UsageEntry(
            now, new Dictionary<string, long> { [report.Source] = report.Number }, [.. report.Rows.Select(row => row with { Day = row.Day ?? today })]);
        string[] text = [Write(entry)];
        await _log.AppendAsync(() => IsKnown(report.Source, report.Number) ? [] : text, cancellationToken);
        await TrimAsync(now, cancellationToken);
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<UsageRow>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        _log.InTurnAsync<IReadOnlyList<UsageRow>>(
            () => Task.FromResult<IReadOnlyList<UsageRow>>(
            [
                .. _rows.Where(row => row.Key.Day >= from && row.Key.Day <= to).OrderBy(row => row.Key.Day)
                    .ThenBy(row => row.Key.By, StringComparer.Ordinal).Select(row => row.Value),
            ]),
            cancellationToken);

    private bool IsKnown(string source, long number) => _sources.TryGetValue(source, out var last) && last.Number >= number;

    private void Take(LogEntry logged)
    {
        var entry = JsonSerializer.Deserialize(logged.Text, CoreJson.Default.UsageEntry)
            ?? throw new InvalidDataException($"Entry {logged.Position} of a log of usage is empty.");
        foreach (var (source, number) in entry.Sources)
        {
            _sources[source] = (number, entry.At);
        }

        foreach (var row in entry.Rows)
        {
            if (row.Day is { } day)
            {
                Take(day, row, entry.Whole);
            }
        }
    }

    private void Take(DateOnly day, UsageRow row, bool whole)
    {
        var key = (day, row.By);
        if (_rows.TryGetValue(key, out var known))
        {
            _rows[key] = whole ? row : known.Plus(row);
            return;
        }

        var names = _names.GetValueOrDefault(day);
        if (names >= MostNames && row.By != UsageRow.Others)
        {
            Take(day, row with { By = UsageRow.Others }, whole: false);
            return;
        }

        (_names[day], _rows[key]) = (names + 1, row);
    }

    /// <summary>What still says something is appended once more before anything is forgotten, so a crash in between loses nothing.</summary>
    private async Task TrimAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = (_rows.Count / RowsInEntry) + (_sources.Count / RowsInEntry) + 2;
        if (_log.Next - _log.First < Math.Max(TrimAfter, 2 * kept))
        {
            return;
        }

        Forget(now);
        var from = _log.Next;
        if (await _log.TryAppendAsync([.. Whole(now).Select(Write)], cancellationToken))
        {
            await _log.TrimAsync(from, cancellationToken);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        var first = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - KeptDays);
        foreach (var key in _rows.Keys.Where(key => key.Day < first).ToList())
        {
            _rows.Remove(key);
            _names.Remove(key.Day);
        }

        foreach (var source in _sources.Where(source => now - source.Value.At > SourceKept).Select(source => source.Key).ToList())
        {
            _sources.Remove(source);
        }
    }

    private IEnumerable<UsageEntry> Whole(DateTimeOffset now) =>
        _rows.Values.Chunk(RowsInEntry).Select(rows => new UsageEntry(now, new Dictionary<string, long>(), rows, true))
            .Concat(_sources.Chunk(RowsInEntry).Select(
                sources => new UsageEntry(now, sources.ToDictionary(source => source.Key, source => source.Value.Number), [], true)));

    private static string Write(UsageEntry entry) => JsonSerializer.Serialize(entry, CoreJson.Default.UsageEntry);
}
