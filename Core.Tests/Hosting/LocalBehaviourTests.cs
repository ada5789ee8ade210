using ControlPlane.Behaviour;

namespace ControlPlane.Hosting;

public sealed class LocalRevocationTests : RevocationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

internal static class LocalBehaviour
{
    public static Task<BehaviourHost> StartAsync(EntityOptions options) => Task.FromResult<BehaviourHost>(new LocalBehaviourHost(options));
}
