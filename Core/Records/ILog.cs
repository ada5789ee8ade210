namespace ControlPlane.Records;

/// <summary>One entry of a log. Positions count from 1 without a gap.</summary>
public sealed record LogEntry(long Position, string Text);

/// <summary>An append-only log for lists and histories, which never belong into a record.</summary>
public interface ILog
{
    /// <summary>
    /// Appends entries at <paramref name="position"/>, all or none, durable when it answers. False: the log's end is elsewhere, because
    /// another writer was first.
    /// </summary>
    /// <exception cref="Exception">The outcome is unknown.</exception>
    Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="most"/> entries from <paramref name="position"/> on, oldest first; empty at the end.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken);

    /// <summary>The position of the next entry, also when all before it is forgotten.</summary>
    Task<long> EndAsync(string log, CancellationToken cancellationToken);

    /// <summary>Forgets what lies before <paramref name="position"/>. Positions stay as they are.</summary>
    Task TrimAsync(string log, long position, CancellationToken cancellationToken);
}
