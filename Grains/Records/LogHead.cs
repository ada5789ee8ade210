using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ControlPlane.Records;

/// <summary>
/// A log's one record: its newest entries, and where the older ones are. An append is one compare-and-set of it, whatever its size, so
/// nobody ever sees half of one.
/// </summary>
/// <param name="First">The oldest position that is not trimmed.</param>
/// <param name="Segments">Oldest first, without a gap, up to the first entry in <paramref name="Tail"/>.</param>
/// <param name="Next">The position of the next entry.</param>
public sealed record LogHead(long First, ImmutableList<LogSegment> Segments, ImmutableList<string> Tail, long Next)
{
    public static LogHead Empty { get; } = new(1, [], [], 1);

    /// <summary>The position of the first entry in the tail.</summary>
    [JsonIgnore]
    public long TailAt => Next - Tail.Count;

    public LogHead Appended(IReadOnlyList<string> entries) => this with { Tail = Tail.AddRange(entries), Next = Next + entries.Count };

    public LogHead Sealed(IEnumerable<LogSegment> segments, int entries) =>
        this with { Segments = Segments.AddRange(segments), Tail = [], Next = Next + entries };

    public LogHead Trimmed(long position) => this with
    {
        First = Math.Max(First, Math.Min(position, Next)), Segments = Segments.RemoveAll(segment => segment.At + segment.Count <= position),
    };
}

/// <summary>Entries that have left the tail, in a record of their own that never changes.</summary>
/// <param name="Id">Names that record; new each time, so that a writer who lost a race leaves waste and no harm.</param>
public sealed record LogSegment(string Id, long At, int Count);

/// <summary>What such a record holds.</summary>
public sealed record LogEntries(ImmutableList<string> Entries);
