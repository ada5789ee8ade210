namespace ControlPlane.Simulation;

/// <summary>What befalls the machines of a schedule.</summary>
internal sealed class Faults(Cluster cluster)
{
    private readonly List<Action> _possible = [];

    private Chance Chance => cluster.Chance;

    private Profile Profile => cluster.Profile;

    /// <summary>The kinds that this schedule has; none: it has no faults but those of messages.</summary>
    public IReadOnlyList<Action> Possible
    {
        get
        {
            if (_possible.Count == 0)
            {
                Offer(Profile.Freezes, () => Freeze(Gateway.Machine, suspended: false));
                Offer(Profile.Freezes, () => Freeze(Owner.Machine, suspended: false));
                Offer(Profile.Suspends, () => Freeze(Gateway.Machine, suspended: true));
                Offer(Profile.Suspends, () => Freeze(Owner.Machine, suspended: true));
                Offer(Profile.Crashes, CrashGateway);
                Offer(Profile.Crashes, CrashOwner);
                Offer(Profile.Partitions, Partition);
                Offer(Profile.Moves, Move);
                Offer(Profile.Moves, Move);
                Offer(Profile.MovesWorkers, MoveWorker);
                Offer(Profile.MovesWalls, MoveWall);
                Offer(Profile.Evicts, Evict);
            }

            return _possible;
        }
    }

    /// <summary>Everything goes on again.</summary>
    public void HealAll()
    {
        cluster.IsCalm = true;
        cluster.Network.HealAll();
        foreach (var machine in cluster.Gateways.Select(gateway => gateway.Machine).Concat(cluster.Owners.Select(owner => owner.Machine)))
        {
            machine.Dawdles = 0;
            machine.GoOn();
        }

        foreach (var gateway in cluster.Gateways.Where(gateway => !gateway.Machine.IsUp))
        {
            Restart(gateway);
        }

        foreach (var owner in cluster.Owners.Where(owner => !owner.Machine.IsUp))
        {
            owner.Machine.Restart();
        }
    }

    private GatewayProcess Gateway => Chance.Of(cluster.Gateways);

    private Owner Owner => Chance.Of(cluster.Owners);

    private void Offer(bool wanted, Action fault)
    {
        if (wanted)
        {
            _possible.Add(fault);
        }
    }

    /// <summary>Around the length of a lease, where it hurts, or much shorter.</summary>
    private long Span() => Chance.Is(0.5)
        ? Chance.Milliseconds(10, 500)
        : (long)(Profile.Lease.Ticks * (0.3 + (Chance.NextDouble() * 1.2)));

    private void Freeze(Machine machine, bool suspended)
    {
        if (!machine.IsUp || machine.IsFrozen)
        {
            return;
        }

        var life = machine.Life;
        Note(machine, suspended ? "is suspended" : "freezes");
        if (suspended)
        {
            machine.Suspend();
        }
        else
        {
            machine.Freeze();
        }

        cluster.Scheduler.After(Span(), () =>
        {
            if (machine.Life == life)
            {
                Note(machine, "goes on");
                machine.GoOn();
            }
        });
    }

    private void CrashGateway()
    {
        var gateway = Gateway;
        if (gateway.Machine.IsUp)
        {
            Note(gateway.Machine, "crashes");
            gateway.Machine.Crash();
            cluster.Scheduler.After(Span(), () => Restart(gateway));
        }
    }

    private void Restart(GatewayProcess gateway)
    {
        if (!gateway.Machine.IsUp)
        {
            Note(gateway.Machine, "starts");
            gateway.Machine.Restart();
            gateway.Start();
        }
    }

    private void CrashOwner()
    {
        var machine = Owner.Machine;
        if (machine.IsUp)
        {
            Note(machine, "crashes");
            machine.Crash();
            cluster.Scheduler.After(Span(), () =>
            {
                if (!machine.IsUp)
                {
                    machine.Restart();
                }
            });
        }
    }

    /// <summary>A gateway and an owner do not hear each other, or one does not hear the other.</summary>
    private void Partition()
    {
        var (gateway, owner) = (Gateway.Machine, Owner.Machine);
        Note(gateway, $"is cut off from {owner.Name}");
        if (Chance.Is(0.7))
        {
            cluster.Network.Cut(gateway, owner);
        }

        if (Chance.Is(0.7))
        {
            cluster.Network.Cut(owner, gateway);
        }

        cluster.Scheduler.After(Span(), cluster.Network.HealAll);
    }

    private void Move()
    {
        if (cluster.Storage.Keys.Count > 0)
        {
            cluster.Move(Chance.Of(cluster.Storage.Keys));
        }
    }

    private void MoveWorker() => cluster.MoveWorker(Chance.Of(cluster.Workers.Values.ToList()));

    private void MoveWall()
    {
        var machine = Chance.Is(0.5) ? Gateway.Machine : Owner.Machine;
        Note(machine, "has its wall clock moved");
        machine.Clock.MoveWall(Chance.Milliseconds(-20_000, 20_000));
    }

    private void Evict()
    {
        var gateway = Gateway;
        if (gateway.Machine.IsUp && !gateway.Machine.IsFrozen)
        {
            foreach (var (digest, held) in gateway.Gateway.Credentials.Entries().Take(1).ToList())
            {
                gateway.Gateway.LetGo(digest, held);
            }

            // As the gateway itself chooses: nothing on which something runs; whether its use was reported is all the same.
            var inUse = gateway.Gateway.Registry.Where(_ => true).Select(request => request.Session?.Account).ToHashSet();
            foreach (var (id, held) in gateway.Gateway.SessionFacts.Entries().Where(entry => !inUse.Contains(entry.Value.Account)).ToList())
            {
                gateway.Gateway.LetGo(id, held);
            }
        }
    }

    private void Note(Machine machine, string what)
    {
        if (cluster.Trace.IsOn)
        {
            cluster.Trace.Add($"{machine.Name} {what}");
        }
    }
}
