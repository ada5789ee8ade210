using ControlPlane.Entities;
using ControlPlane.Hosting;
using ControlPlane.Leases;

namespace ControlPlane.Behaviour;

/// <summary>Where entities live while a behaviour is looked at. Every host of this product has one, and they all show the same behaviour.</summary>
internal abstract class BehaviourHost(EntityOptions options) : IAsyncDisposable
{
    private readonly List<TestGateway> _gateways = [];

    public EntityOptions Options { get; } = options;

    public VirtualTime Time { get; } = new();

    /// <summary>The entities as whoever is outside reaches them, also after a crash.</summary>
    public abstract IEntities Entities { get; }

    public abstract IReadOnlyList<FakeWorker> Workers { get; }

    /// <summary>The way from the entities to the workers' control ports.</summary>
    public abstract Link ToWorkers { get; }

    /// <summary>The process that the entities live in dies at once, with all that was under way, and another takes over.</summary>
    public abstract Task CrashAsync();

    /// <summary>The number of sessions that count against a workspace's quota.</summary>
    public abstract int LiveIn(string workspaceId);

    public async Task<TestGateway> GatewayAsync()
    {
        var gateway = NewGateway(Options.Leases);
        _gateways.Add(gateway);
        await Time.PassUntilAsync(gateway.Gateway.ReadyAsync(CancellationToken.None));
        return gateway;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            gateway.Link.IsCut = true;
            await Time.PassUntilAsync(gateway.DisposeAsync().AsTask());
        }

        GC.SuppressFinalize(this);
    }

    protected abstract TestGateway NewGateway(LeaseOptions options);
}
