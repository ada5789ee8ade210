using System.Collections.Immutable;
using ControlPlane.Errors;

namespace ControlPlane.Leases;

/// <summary>One reader that is still to be told of one change.</summary>
/// <param name="Part">Which of the record's subjects it is about, where a record has several; null where it has one.</param>
public sealed record Untold(string Reader, long Version, string? Part = null);

/// <summary>Who holds a fact, and who must still be told that it was taken away (protocol 2, 7 and 10). Part of the owner's record.</summary>
public sealed record Readers(ImmutableList<string> Current, ImmutableList<Untold> ToTell)
{
    /// <summary>More gateways at once than this are told to come later: a record must stay small enough to be saved in no time.</summary>
    public const int Most = 512;

    public static Readers None { get; } = new([], []);

    /// <summary>The fact is about to be given to a gateway. It clears no pair: what was recalled before still has to be acknowledged.</summary>
    /// <exception cref="ControlPlaneException">503: it has as many readers as it can.</exception>
    public Readers Granted(string reader) => Current.Contains(reader) ? this
        : Current.Count < Most ? this with { Current = Current.Add(reader) }
        : throw new ControlPlaneException(new Refusal(
            ErrorCode.ControlPlaneUnavailable, $"More than {Most} gateways hold this. Try again when some have gone.", TimeSpan.FromSeconds(10)));

    /// <summary>The fact is taken away by the change with this version: everybody is to be told, as pairs that are never merged.</summary>
    public Readers TakenAway(long version) => new([], ToTell.AddRange(Current.Select(reader => new Untold(reader, version))));

    /// <summary>A reader acknowledged a change: its pairs up to that version go, no later pair, and never the reader itself.</summary>
    public Readers Acknowledged(string reader, long version) =>
        this with { ToTell = ToTell.RemoveAll(pair => pair.Reader == reader && pair.Version <= version) };

    /// <summary>A gateway whose lease is over holds nothing and never will: it is neither reader nor to be told.</summary>
    public Readers Over(string reader) => new(Current.Remove(reader), ToTell.RemoveAll(pair => pair.Reader == reader));

    /// <summary>
    /// One part of what the readers may hold is taken away, such as one of a workspace's members. Everybody is to be told, for the record
    /// does not say who holds which part; and everybody stays a reader, for what else they hold is still theirs.
    /// </summary>
    /// <exception cref="ControlPlaneException">503: too much is still to be told; a record must stay small.</exception>
    public Readers PartTakenAway(string part, long version) => ToTell.IsEmpty || ToTell.Count + Current.Count <= Most
        ? this with { ToTell = ToTell.AddRange(Current.Select(reader => new Untold(reader, version, part))) }
        : throw new ControlPlaneException(new Refusal(
            ErrorCode.ControlPlaneUnavailable, "Too many earlier changes are still being told to gateways. Try again in a moment.", TimeSpan.FromSeconds(2)));

    /// <summary>The same as <see cref="Acknowledged(string, long)"/> for one part: what is to be told of others stays to be told.</summary>
    public Readers Acknowledged(string reader, long version, string part) =>
        this with { ToTell = ToTell.RemoveAll(pair => pair.Reader == reader && pair.Version <= version && pair.Part == part) };

    /// <summary>Who is still to be told of one part, as a subject of its own has it.</summary>
    public Readers Of(string part) => new([], [.. ToTell.Where(pair => pair.Part == part).Select(pair => pair with { Part = null })]);

    /// <summary>Whether anybody has still to be told of a change up to this version.</summary>
    public bool AnyToTell(long version) => ToTell.Exists(pair => pair.Version <= version);
}
