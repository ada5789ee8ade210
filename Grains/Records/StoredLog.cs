using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Errors;
using Orleans.Storage;
using ErrorCode = ControlPlane.Errors.ErrorCode;

namespace ControlPlane.Records;

/// <summary>Logs over grain storage: a head with the newest entries, and segments that never change behind it.</summary>
internal sealed class StoredLog(IGrainStorage storage) : ILog
{
    /// <summary>The tail is written with each append, so it is short; a segment is read whole, so it is not much longer.</summary>
    private const int MostInTail = 64;
    private const int MostInSegment = 256;

    public Task<bool> TryAppendAsync(string log, long position, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
        ReachAsync(async () =>
        {
            var store = Head(log);
            var stored = await store.ReadAsync(cancellationToken) ?? Stored<LogHead>.None;
            var head = stored.State ?? LogHead.Empty;
            if (head.Next != position)
            {
                return false;
            }

            var next = head.Tail.Count + entries.Count <= MostInTail ? head.Appended(entries) : await SealAsync(log, head, entries, cancellationToken);
            return await store.TryWriteAsync(new Stored<LogHead>(stored.Version + 1, next), cancellationToken);
        });

    public Task<IReadOnlyList<LogEntry>> ReadAsync(string log, long position, int most, CancellationToken cancellationToken) =>
        ReachAsync<IReadOnlyList<LogEntry>>(async () =>
        {
            var head = (await Head(log).ReadAsync(cancellationToken))?.State ?? LogHead.Empty;
            var at = Math.Max(position, head.First);
            var found = new List<LogEntry>();
            foreach (var segment in head.Segments)
            {
                if (found.Count < most && segment.At + segment.Count > at)
                {
                    var held = await Segment(log, segment.Id).ReadAsync(cancellationToken)
                        ?? throw new InvalidDataException($"The segment {segment.Id} of the log {log} is missing.");
                    Take(held.State?.Entries ?? [], segment.At, at, most, found);
                }
            }

            Take(head.Tail, head.TailAt, at, most, found);
            return found;
        });

    public Task<long> EndAsync(string log, CancellationToken cancellationToken) =>
        ReachAsync(async () => ((await Head(log).ReadAsync(cancellationToken))?.State ?? LogHead.Empty).Next);

    public Task TrimAsync(string log, long position, CancellationToken cancellationToken) => ReachAsync(async () =>
    {
        while (true)
        {
            var store = Head(log);
            if (await store.ReadAsync(cancellationToken) is not { State: { } head } stored || head.First >= position)
            {
                return true;
            }

            var next = head.Trimmed(position);
            if (await store.TryWriteAsync(new Stored<LogHead>(stored.Version + 1, next), cancellationToken))
            {
                // Nothing names them any more. One that stays after a crash is waste and no harm.
                await Task.WhenAll(head.Segments.Except(next.Segments).Select(segment =>
                    Segment(log, segment.Id).TryWriteAsync(new Stored<LogEntries>(2, null), cancellationToken)));
                return true;
            }
        }
    });

    /// <summary>Writes the tail and what is appended as segments. They count for nothing until a head names them.</summary>
    private async Task<LogHead> SealAsync(string log, LogHead head, IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        var at = head.TailAt;
        var segments = new List<LogSegment>();
        foreach (var piece in head.Tail.Concat(entries).Chunk(MostInSegment))
        {
            var segment = new LogSegment(Guid.NewGuid().ToString("N"), at, piece.Length);
            await Segment(log, segment.Id).TryWriteAsync(new Stored<LogEntries>(1, new LogEntries([.. piece])), cancellationToken);
            segments.Add(segment);
            at += piece.Length;
        }

        return head.Sealed(segments, entries.Count);
    }

    private static void Take(ImmutableList<string> entries, long entriesAt, long from, int most, List<LogEntry> found)
    {
        for (var place = (int)Math.Max(0, from - entriesAt); place < entries.Count && found.Count < most; place++)
        {
            found.Add(new LogEntry(entriesAt + place, entries[place]));
        }
    }

    private GrainStore<LogHead> Head(string log) => new(storage, GrainId.Create("log", log), "head");

    private GrainStore<LogEntries> Segment(string log, string id) => new(storage, GrainId.Create("log", $"{log}/{id}"), "segment");

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the provider throws means that it cannot be reached.")]
    private static async Task<T> ReachAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // A provider's own exceptions do not cross to a client that has no such provider.
            throw new ControlPlaneException(
                new Refusal(ErrorCode.ControlPlaneUnavailable, "The store cannot be reached. Nothing that was acknowledged is lost; try again.", TimeSpan.FromSeconds(1)),
                problem);
        }
    }
}
