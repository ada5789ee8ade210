using System.Diagnostics.CodeAnalysis;

namespace ControlPlane;

/// <summary>The open connections of a listener, or of one address, and how many there may be. Its callers hold one lock.</summary>
/// <param name="seatOf">Where a connection keeps its place in this list.</param>
internal sealed class Room(int most, Func<OpenConnection, Seat> seatOf)
{
    // As caches do that keep no order: of so many at random the best. Where one in ten may go, one is found 97 times in 100.
    private const int Looked = 32;

    private readonly List<OpenConnection> _open = [];

    /// <summary>How many of them were told to leave; they do not count any more.</summary>
    public int Leaving { get; set; }

    public bool IsEmpty => _open.Count == 0;

    public bool IsFull => _open.Count - Leaving >= most;

    public void Add(OpenConnection connection)
    {
        seatOf(connection).Number = _open.Count;
        _open.Add(connection);
    }

    public void Remove(OpenConnection connection)
    {
        var (last, number) = (_open[^1], seatOf(connection).Number);
        seatOf(last).Number = number;
        _open[number] = last;
        _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>The one that can best go; null: on all that were looked at something is under way.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "A sample and no secret.")]
    public OpenConnection? Quietest()
    {
        OpenConnection? quietest = null;
        for (var i = 0; i < Math.Min(Looked, _open.Count); i++)
        {
            var one = _open[_open.Count <= Looked ? i : Random.Shared.Next(_open.Count)];
            if (one is { IsQuiet: true, IsLeaving: false } && one.GoesBefore(quietest))
            {
                quietest = one;
            }
        }

        return quietest;
    }
}

/// <summary>Where a connection is in the list of a <see cref="Room"/>.</summary>
internal sealed class Seat
{
    public int Number { get; set; }
}
