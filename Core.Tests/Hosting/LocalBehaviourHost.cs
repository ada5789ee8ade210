using System.Text.Json;
using ControlPlane.Behaviour;
using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Workers;

namespace ControlPlane.Hosting;

/// <summary>Entities as plain objects over a storage in memory. Its process can die at any call that it makes.</summary>
internal sealed class LocalBehaviourHost : BehaviourHost
{
    private readonly LocalDoors _doors = new();
    private readonly Link _callers = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Process> _processes = [];
    private Process _process;

    public LocalBehaviourHost(EntityOptions options, int workers = 1, int capacity = 10_000) : base(options)
    {
        Workers = [.. Enumerable.Range(1, workers).Select(number => new FakeWorker($"w{number}", capacity))];
        Entities = Wire.To<IEntities>(_callers, () => _process!.Entities);
        _process = StartProcess();
        _ = BeatAsync();
    }

    public MemoryStorage Storage { get; } = new();

    public override IEntities Entities { get; }

    public override IReadOnlyList<FakeWorker> Workers { get; }

    public override Link ToWorkers { get; } = new();

    /// <summary>All that the entities' process calls: its storage and its workers.</summary>
    public Link Calls => _process.Link;

    public override async Task CrashAsync()
    {
        _process.Die();
        await ReplaceAsync();
    }

    /// <summary>Another process takes over, but the one before does not know: two activations of everything.</summary>
    public async Task ReplaceAsync()
    {
        _process = StartProcess();
        _callers.Break();
        await BeatOnceAsync();
        await Quiet.WaitAsync();
    }

    public override int LiveIn(string workspaceId) => Storage.Peek(new EntityKey("workspace", workspaceId)) is { } record
        ? JsonSerializer.Deserialize(record.Json, CoreJson.Default.WorkspaceState)!.Live.Count
        : 0;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _stopping.CancelAsync();
        _processes.ForEach(process => process.Die());
        await Quiet.WaitAsync();
    }

    protected override TestGateway NewGateway(LeaseOptions options) => new(Entities, _doors, options, Time);

    private Process StartProcess()
    {
        var process = new Process(this);
        _processes.Add(process);
        return process;
    }

    private async Task BeatAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await BeatOnceAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), Time, _stopping.Token);
        }
    }

    private Task BeatOnceAsync() => Task.WhenAll(
        from process in _processes from worker in Workers where !worker.IsSilent select BeatAsync(process.Entities.Workers, worker.Beat));

    /// <summary>As workers do: they register with whoever does not know them.</summary>
    private static async Task BeatAsync(IWorkerPool pool, WorkerBeat beat)
    {
        if (!await pool.BeatAsync(beat))
        {
            await pool.RegisterAsync(beat);
        }
    }

    /// <summary>One life of the process.</summary>
    private sealed class Process
    {
        private readonly CancellationTokenSource _dying = new();

        public Process(LocalBehaviourHost host)
        {
            var storage = Wire.To<IStorage>(Link, () => host.Storage);
            Entities = new LocalEntities(
                storage, host._doors, host.Time, host.Options,
                id => Wire.To(Link, () => Wire.To<IWorker>(host.ToWorkers, () => host.Workers.Single(worker => worker.Id == id))));
            _ = Task.Run(() => Entities.RunAsync(_dying.Token));
        }

        public Link Link { get; } = new();

        public LocalEntities Entities { get; }

        public void Die()
        {
            Link.IsDead = true;
            _dying.Cancel();
        }
    }
}
