using System.Security.Cryptography;
using System.Text;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Records;
using Orleans.Concurrency;

namespace ControlPlane.Workers;

/// <summary>One worker's control port, found by what the worker registered.</summary>
[GrainType("worker"), Reentrant]
internal sealed class WorkerGrain : Grain, IWorkerGrain
{
    private readonly IWorkerPorts _ports;
    private readonly Record<RegisteredWorker> _record;

    public WorkerGrain(EntityServices services, IWorkerPorts ports)
    {
        _ports = ports;
        _record = new Record<RegisteredWorker>(new GrainStore<RegisteredWorker>(services.Storage, GrainContext.GrainId));
    }

    public Task RegisterAsync(Uri control, string secret, CancellationToken cancellationToken = default)
    {
        var next = new RegisteredWorker(control, secret);
        return _record.ChangeAsync(
            (state, _) => state == next ? Decision<RegisteredWorker, bool>.Keep(true) : Decision<RegisteredWorker, bool>.Save(next, true),
            cancellationToken);
    }

    public async Task<bool> IsAsync(string secret, CancellationToken cancellationToken = default)
    {
        var state = (await _record.ReadAsync(cancellationToken)).State;
        return IsSecretOf(state, secret) || IsSecretOf((await _record.ReadFreshAsync(cancellationToken)).State, secret);
    }

    public async Task<Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default) =>
        await (await PortAsync(cancellationToken)).StartAsync(order, cancellationToken);

    public async Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default) =>
        await (await PortAsync(cancellationToken)).StopAsync(sessionId, epoch, cancellationToken);

    private static bool IsSecretOf(RegisteredWorker? worker, string secret) => worker is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(worker.Secret), Encoding.UTF8.GetBytes(secret));

    /// <summary>By a fresh read: the worker may have come back elsewhere and told another activation.</summary>
    private async Task<IWorker> PortAsync(CancellationToken cancellationToken) =>
        _ports.Port(this.GetPrimaryKeyString(), (await _record.ReadFreshAsync(cancellationToken)).State);
}
