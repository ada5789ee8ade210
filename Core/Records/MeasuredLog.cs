namespace ControlPlane.Records;

/// <summary>A log whose reads and writes are measured like those of records.</summary>
public sealed class MeasuredLog(ILog inner) : ILog
{
    private const string Record = "log";

    public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync(Record, "write", StoreMeter.Wrote, () => inner.TryAppendAsync(log, position, entries, cancellationToken));

    public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync(Record, "read", StoreMeter.Done, () => inner.ReadAsync(log, position, most, cancellationToken));

    public Task<long> EndAsync(string log, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync(Record, "read", StoreMeter.Done, () => inner.EndAsync(log, cancellationToken));

    public Task TrimAsync(string log, long position, CancellationToken cancellationToken) => inner.TrimAsync(log, position, cancellationToken);
}
