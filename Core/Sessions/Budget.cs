using System.Collections.Immutable;

namespace ControlPlane.Sessions;

/// <summary>A share that a gateway holds.</summary>
public sealed record OpenShare(long Number, string Reader, int Requests);

/// <summary>
/// How many requests a session may make and who may still make them (protocol 19). What is in an open share counts as used until its gateway
/// says otherwise, so the total is never exceeded.
/// </summary>
public sealed record Budget(int Total, int Spent, long LastNumber, ImmutableList<OpenShare> Open)
{
    /// <summary>No share is larger than this part of the total, so that a gateway's death costs little.</summary>
    private const int SharesAtLeast = 100;

    public static Budget Of(int total) => new(total, 0, 0, []);

    /// <summary>What is in no gateway's hands.</summary>
    public int Free => Total - Spent - Open.Sum(share => share.Requests);

    /// <summary>What is not known to be used.</summary>
    public int Left => Total - Spent;

    public OpenShare? HeldBy(string reader) => Open.Find(share => share.Reader == reader);

    /// <summary>A new share; only while something is free.</summary>
    public (Budget Next, OpenShare Share) Give(string reader)
    {
        var share = new OpenShare(LastNumber + 1, reader, Math.Min(Math.Max(1, Total / SharesAtLeast), Free));
        return (this with { LastNumber = share.Number, Open = Open.Add(share) }, share);
    }

    /// <summary>A share comes back with what was left of it. A share that is closed ignores what is said later.</summary>
    public Budget Closed(long number, int unused) => Open.Find(share => share.Number == number) is { } share
        ? this with { Spent = Spent + share.Requests - Math.Clamp(unused, 0, share.Requests), Open = Open.Remove(share) }
        : this;
}
