using ControlPlane.Records;

namespace ControlPlane.Storage;

/// <summary>All logs, in one table; each log's end is a row of its own, so that it is known after a trim of everything.</summary>
internal sealed class SqliteLog(Writer writer, ReadConnections readers) : ILog
{
    public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
        writer.WriteAsync(statements =>
        {
            var moved = position == 1
                ? statements.Execute("INSERT INTO log_end (name, next) VALUES ($name, $next) ON CONFLICT DO NOTHING", ("$name", log), ("$next", 1L + entries.Count))
                : statements.Execute(
                    "UPDATE log_end SET next = $next WHERE name = $name AND next = $position",
                    ("$next", position + entries.Count), ("$name", log), ("$position", position));
            for (var i = 0; i < entries.Count && moved == 1; i++)
            {
                statements.Execute(
                    "INSERT INTO log (name, position, text) VALUES ($name, $position, $text)",
                    ("$name", log), ("$position", position + i), ("$text", entries[i]));
            }

            return moved == 1;
        });

    public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LogEntry>>(readers.Read(
            "SELECT position, text FROM log WHERE name = $name AND position >= $position ORDER BY position LIMIT $most",
            row => new LogEntry(row.GetInt64(0), row.GetString(1)), ("$name", log), ("$position", position), ("$most", most)));

    public Task<long> EndAsync(string log, CancellationToken cancellationToken) => Task.FromResult(
        readers.Read("SELECT next FROM log_end WHERE name = $name", row => row.GetInt64(0), ("$name", log)) is [var next] ? next : 1);

    public Task TrimAsync(string log, long position, CancellationToken cancellationToken) => writer.WriteAsync(
        statements => statements.Execute("DELETE FROM log WHERE name = $name AND position < $position", ("$name", log), ("$position", position)));
}
