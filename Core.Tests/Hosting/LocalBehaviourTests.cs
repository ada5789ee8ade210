using ControlPlane.Behaviour;

namespace ControlPlane.Hosting;

public sealed class LocalRevocationTests : RevocationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalMemberTests : MemberTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalRoleTests : RoleTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalRotationTests : RotationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalAdmissionTests : AdmissionTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalSessionLifeTests : SessionLifeTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalSessionEndingTests : SessionEndingTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalCreationTests : CreationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalNarrowedKeyTests : NarrowedKeyTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalTokenEndingTests : TokenEndingTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalBudgetTests : BudgetTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalWorkspaceTests : WorkspaceTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalLoginTests : LoginTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalLoginListTests : LoginListTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalCloneStateTests : CloneStateTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalEvictionTests : EvictionTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalOperationsTests : OperationsTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalTeamTests : TeamTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalEventTests : EventTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalTraceTests : TraceTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalUsageTests : UsageTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => LocalBehaviour.StartAsync(options);
}

public sealed class LocalWorkerTests : WorkerTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options, int workers, int capacity) =>
        Task.FromResult<BehaviourHost>(new LocalBehaviourHost(options, workers, capacity));
}

internal static class LocalBehaviour
{
    public static Task<BehaviourHost> StartAsync(EntityOptions options) => Task.FromResult<BehaviourHost>(new LocalBehaviourHost(options));
}
