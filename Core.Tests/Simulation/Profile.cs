namespace ControlPlane.Simulation;

/// <summary>
/// What one schedule is about. Each seed switches a random part of the faults and features on, so that rare combinations come soon and the
/// others do not drown them.
/// </summary>
internal sealed class Profile
{
    public Profile(Chance chance)
    {
        Gateways = chance.Of([1, 2, 2, 3]);
        Owners = chance.Of([1, 2, 2]);
        Lease = TimeSpan.FromSeconds(chance.Of([1, 2, 3, 3, 10]));
        Reuse = !chance.Is(0.15);
        InOrder = chance.Is(0.2);
        Json = chance.Is(0.1);
        var calm = chance.Is(0.1);
        double Some(double likely, params double[] choices) => !calm && chance.Is(likely) ? chance.Of(choices) : 0;
        Lost = Some(0.4, 0.01, 0.05, 0.2);
        Repeated = Some(0.4, 0.02, 0.1);
        Late = Some(0.5, 0.02, 0.1, 0.3);
        StoreFails = Some(0.35, 0.01, 0.05);
        StoreLate = Some(0.4, 0.02, 0.2);
        Strays = Owners == 1 ? 0 : Some(0.5, 0.02, 0.2, 0.5);
        Moves = Owners > 1 && Some(0.5, 1) > 0;
        Crashes = Some(0.35, 1) > 0;
        Freezes = Some(0.5, 1) > 0;
        Partitions = Some(0.4, 1) > 0;
        Drifts = Some(0.5, 1) > 0;
        Suspends = Some(0.3, 1) > 0;
        MovesWalls = !Suspends && Some(0.25, 1) > 0;
        Dawdles = Some(0.25, 0.01, 0.05);
        MovesWorkers = Some(0.3, 1) > 0;
        Evicts = chance.Is(0.3);
        Preempts = chance.Is(0.4) ? 0.2 : 0;
        CancelsTravel = chance.Is(0.6);
        Idle = chance.Is(0.25) ? TimeSpan.FromSeconds(chance.Of([2, 5, 10])) : TimeSpan.FromMinutes(30);
        Budgets = chance.Is(0.35);
        Expiries = chance.Is(0.25);
        Pace = chance.Of([5.0, 20, 20, 60]);
        Revokes = chance.Of([1, 1, 4]);
        Members = chance.Is(0.4);
        Rotates = chance.Is(0.3);
    }

    public int Gateways { get; }

    public int Owners { get; }

    public TimeSpan Lease { get; }

    public bool Reuse { get; }

    /// <summary>Steps run in the order in which they became ready.</summary>
    public bool InOrder { get; }

    /// <summary>Sessions may end by themselves: nobody uses them for long, or a clock of theirs is moved.</summary>
    public bool EndsSessions => Idle < TimeSpan.FromMinutes(30) || MovesWalls || Suspends || Expiries;

    /// <summary>Records pass through their JSON, as in a real store.</summary>
    public bool Json { get; }

    public double Lost { get; }

    public double Repeated { get; }

    public double Late { get; }

    public double StoreFails { get; }

    public double StoreLate { get; }

    /// <summary>How likely a call reaches another activation than the one that is meant to be the only one.</summary>
    public double Strays { get; }

    /// <summary>Entities move from one owner's machine to the other.</summary>
    public bool Moves { get; }

    public bool Crashes { get; }

    public bool Freezes { get; }

    public bool Partitions { get; }

    public bool Drifts { get; }

    public bool Suspends { get; }

    public bool MovesWalls { get; }

    public double Dawdles { get; }

    public bool MovesWorkers { get; }

    public bool Evicts { get; }

    /// <summary>How likely another thread of the gateway comes in between when a request is decided.</summary>
    public double Preempts { get; }

    public bool CancelsTravel { get; }

    public TimeSpan Idle { get; }

    public bool Budgets { get; }

    public bool Expiries { get; }

    /// <summary>Milliseconds between two events, usually.</summary>
    public double Pace { get; }

    public int Revokes { get; }

    /// <summary>Users come, with tokens of their own, and are removed.</summary>
    public bool Members { get; }

    /// <summary>Keys are given other secrets.</summary>
    public bool Rotates { get; }

    public override string ToString() => string.Join(' ', typeof(Profile).GetProperties().Select(property => $"{property.Name}={property.GetValue(this)}"));
}
