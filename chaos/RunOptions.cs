using System.Globalization;
using ControlPlane.Scenarios;

namespace ControlPlane;

/// <summary>What to do to the cluster, and for how long.</summary>
public sealed record RunOptions
{
    /// <summary>One after another, again and again until the time is over; each at least once.</summary>
    public IReadOnlyList<Scenario> Faults { get; private init; } = Scenarios.Faults.All;

    public TimeSpan AtLeast { get; private init; }

    public int Seed { get; private init; } = 1;

    public int Tenants { get; private init; } = 8;

    public int PerSecond { get; private init; } = 800;

    /// <summary>Whether callers go through the load balancer instead of to both gateways.</summary>
    public bool ThroughBalancer { get; private init; }

    /// <summary>Where the history is written; null: nowhere.</summary>
    public string? History { get; private init; }

    /// <exception cref="ArgumentException">What is given is not known.</exception>
    public static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        var names = new List<string>();
        for (var at = 0; at < arguments.Count; at++)
        {
            string Next() => ++at < arguments.Count ? arguments[at] : throw new ArgumentException($"{arguments[at - 1]} needs a value.");
            int Number() => int.Parse(Next(), CultureInfo.InvariantCulture);
            switch (arguments[at])
            {
                case "--seconds": options = options with { AtLeast = TimeSpan.FromSeconds(Number()) }; break;
                case "--seed": options = options with { Seed = Number() }; break;
                case "--tenants": options = options with { Tenants = Number() }; break;
                case "--rate": options = options with { PerSecond = Number() }; break;
                case "--balancer": options = options with { ThroughBalancer = true }; break;
                case "--history": options = options with { History = Next() }; break;
                case ['-', ..]: throw new ArgumentException($"There is no option {arguments[at]}.");
                default: names.Add(arguments[at]); break;
            }
        }

        if (!options.ThroughBalancer && names.Find(name => Scenarios.Faults.All.Any(fault => fault.Name == name && fault.NeedsBalancer)) is { } away)
        {
            throw new ArgumentException($"{away} takes away the gateways that are called: add --balancer.");
        }

        return names.Count == 0 ? options with { Faults = [.. options.Faults.Where(fault => fault.NeedsBalancer == options.ThroughBalancer && !fault.OnRequest)] } : options with
        {
            Faults = [.. names.Select(name => Scenarios.Faults.All.FirstOrDefault(fault => fault.Name == name)
                ?? throw new ArgumentException($"There is no fault {name}. `scripts/chaos list` names them."))],
        };
    }
}
