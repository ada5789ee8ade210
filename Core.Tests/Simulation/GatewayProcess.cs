using ControlPlane.Gateways;
using ControlPlane.Leases;

namespace ControlPlane.Simulation;

/// <summary>A gateway, as often as its process is started, and what an outsider can see of its lease and its reports.</summary>
internal sealed class GatewayProcess
{
    private readonly Cluster _cluster;
    private readonly IGatewayDoor _door;
    private readonly Dictionary<string, long> _reported = [];
    private readonly List<(long End, DateTimeOffset WallEnd)> _leases = [];

    public GatewayProcess(Cluster cluster, Machine machine)
    {
        (_cluster, Machine, _door) = (cluster, machine, cluster.Doors.Of(machine));
        Start();
    }

    public Machine Machine { get; }

    public Gateway Gateway { get; private set; } = null!;

    public Admission Admission { get; private set; } = null!;

    /// <summary>Under which it was last given a lease; null: none since it started.</summary>
    public string? Incarnation { get; private set; }

    /// <summary>How many incarnations were given a lease.</summary>
    public int Incarnations { get; private set; }

    public void Start()
    {
        Incarnation = null;
        _leases.Clear();
        _reported.Clear();
        Gateway = new Gateway(new RemoteEntities(_cluster, Machine) { Watched = this }, _door, _cluster.Options.Leases, Machine.Clock, _cluster.Chance);
        Admission = new Admission(Gateway, new RefusedTokens(Machine.Clock, perMinute: 20));
        Machine.Post(Gateway.Start);
    }

    /// <summary>Whether any renewal that was answered, counted from when it was sent, still stands by both clocks.</summary>
    public bool LeaseStands
    {
        get
        {
            var now = Machine.Clock.GetTimestamp();
            _leases.RemoveAll(lease => lease.End <= now);
            return _leases.Exists(lease => Machine.Clock.GetUtcNow() < lease.WallEnd);
        }
    }

    public async Task<LeaseAnswer> WatchLeaseAsync(string incarnation, Task<LeaseAnswer> answer)
    {
        var (sent, wall) = (Machine.Clock.GetTimestamp(), Machine.Clock.GetUtcNow());
        var given = await answer;
        if (given is { Over: false, Duration: not null })
        {
            Incarnations += Incarnation == incarnation ? 0 : 1;
            Incarnation = incarnation;
            _leases.Add((sent + _cluster.Profile.Lease.Ticks, wall + _cluster.Profile.Lease));
        }

        return given;
    }

    public void Acknowledges(IReadOnlyList<RecallAnswer> answers)
    {
        foreach (var answer in answers)
        {
            _cluster.Shares.Said(answer);
        }
    }

    /// <summary>A report of use goes out: one at most for each session in a third of a lease.</summary>
    public void Reports(string sessionId)
    {
        var now = Machine.Clock.GetTimestamp();
        if (_reported.TryGetValue(sessionId, out var last) && now - last < _cluster.Options.Leases.Third.Ticks)
        {
            throw new Violation("use reports", $"{Machine.Name} told {sessionId} of its use twice within {Machine.Clock.GetElapsedTime(last, now)}.");
        }

        _reported[sessionId] = now;
    }
}
