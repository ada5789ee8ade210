using ControlPlane.Hosting;

namespace ControlPlane.Workers;

/// <summary>Whom the pool tells when a worker is lost.</summary>
public sealed class WorkerSeatTests
{
    private readonly WorkerBeat _beat = new FakeWorker("w1", 9).Beat;

    [Fact]
    public void What_was_placed_is_told_until_a_heartbeat_has_named_it_and_then_while_it_is_held()
    {
        var seat = WorkerSeat.Of(_beat, 0).Naming("ses-1", 1).Naming("ses-2", 2);
        Assert.Equal("ses-1 ses-2", Told(seat));

        seat = Heard(seat, Naming("ses-1"));
        Assert.Equal(("ses-1 ses-2", 1), (Told(seat), seat.Placed));

        Assert.Equal("ses-2", Told(Heard(seat, Naming())));
        Assert.Equal("ses-1", Told(Heard(seat, Naming("ses-1"), startedBy: 3)));
    }

    private static string Told(WorkerSeat seat) => string.Join(' ', seat.Sessions.Order(StringComparer.Ordinal));

    private static WorkerSeat Heard(WorkerSeat seat, WorkerBeat beat, long startedBy = 0) => seat.HeardAgain(beat, 4, wasSilent: false, startedBy);

    private WorkerBeat Naming(params string[] sessions) => _beat with { Placements = [.. sessions.Select(session => new HeldPlacement(session, 1))] };
}
