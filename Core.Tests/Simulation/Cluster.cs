using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>The whole system of one schedule: owners, gateways, workers, a storage and a network between them.</summary>
internal sealed class Cluster
{
    private readonly Dictionary<EntityKey, int> _moved = [];

    public Cluster(Chance chance, Profile profile, bool traced)
    {
        (Chance, Profile) = (chance, profile);
        Scheduler = new Scheduler(chance, profile.InOrder);
        Trace = new Trace(() => Scheduler.Now, traced);
        Witness = new Witness(Scheduler);
        Network = new Network(Scheduler, profile, Trace);
        Storage = new SimulatedStorage(Scheduler, profile, Trace);
        Director = new Machine(Scheduler, "clients", 0);
        PoolMachine = new Machine(Scheduler, "pool", 0);
        Alarms = new AlarmClock(this);
        Doors = new Doors(this);
        (Streams, Shares) = (new StreamChecks(this), new ShareChecks(this));
        Options = new EntityOptions(
            new LeaseOptions { Duration = profile.Lease, Reuse = profile.Reuse },
            new SessionOptions { IdleLimit = profile.Idle },
            new WorkspaceOptions { MaxLiveSessions = Quota });
        Workers = new[] { "w1", "w2" }.ToDictionary(id => id, id => new SimulatedWorker(id, 50));
        Owners = [.. Enumerable.Range(1, profile.Owners).Select(number => new Owner(this, NewMachine($"o{number}"), Options))];
        Pool = new WorkerPool(
            new RemoteEntities(this, PoolMachine), PoolMachine.Clock, new WorkerPoolOptions(),
            Storage.Store<WorkerPoolState>(PoolMachine, new EntityKey(WorkerPoolState.Kind, "pool")));
        Gateways = [.. Enumerable.Range(1, profile.Gateways).Select(number => new GatewayProcess(this, NewMachine($"g{number}")))];
        PoolMachine.Post(() =>
        {
            _ = Pool.RunAsync(CancellationToken.None);
            _ = BeatAsync();
        });
    }

    public const int Quota = 6;

    public Chance Chance { get; }

    public Profile Profile { get; }

    public Scheduler Scheduler { get; }

    public Trace Trace { get; }

    public Witness Witness { get; }

    public Network Network { get; }

    public SimulatedStorage Storage { get; }

    /// <summary>Where clients and the schedule itself run; nothing befalls it, and its clocks are true.</summary>
    public Machine Director { get; }

    public Machine PoolMachine { get; }

    public WorkerPool Pool { get; }

    public AlarmClock Alarms { get; }

    public Doors Doors { get; }

    public EntityOptions Options { get; }

    public IReadOnlyDictionary<string, SimulatedWorker> Workers { get; }

    public IReadOnlyList<Owner> Owners { get; }

    public IReadOnlyList<GatewayProcess> Gateways { get; }

    public History History { get; } = new();

    public StreamChecks Streams { get; }

    public ShareChecks Shares { get; }

    /// <summary>No fault befalls anything any more.</summary>
    public bool IsCalm
    {
        get => Network.IsCalm;
        set => (Network.IsCalm, Storage.IsCalm) = (value, value);
    }

    /// <summary>Where a call for an entity goes: to its owner, or astray to another activation.</summary>
    public Owner OwnerOf(EntityKey key)
    {
        var at = _moved.TryGetValue(key, out var moved) ? moved : Home(key);
        if (!IsCalm && Chance.Is(Profile.Strays))
        {
            at = Chance.Next(Owners.Count);
        }

        return Owners[at] is { Machine.IsUp: true } up ? up : Owners.FirstOrDefault(owner => owner.Machine.IsUp) ?? Owners[at];
    }

    /// <summary>Another owner takes an entity over; the one before is not told.</summary>
    public void Move(EntityKey key) => _moved[key] = Chance.Next(Owners.Count);

    public void MoveWorker(SimulatedWorker worker)
    {
        worker.Move();
        PoolMachine.Post(() => _ = Pool.BeatAsync(worker.Beat));
    }

    private int Home(EntityKey key)
    {
        var sum = key.Kind.Length;
        foreach (var letter in key.Key)
        {
            sum += letter;
        }

        return sum % Owners.Count;
    }

    private Machine NewMachine(string name) => new(Scheduler, name, Profile.Drifts ? Chance.Of([-4900, 0, 4900]) : 0) { Dawdles = Profile.Dawdles };

    private async Task BeatAsync()
    {
        while (true)
        {
            foreach (var worker in Workers.Values)
            {
                if (!await Pool.BeatAsync(worker.Beat))
                {
                    await Pool.RegisterAsync(worker.Beat);
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(4), PoolMachine.Clock);
        }
    }
}
