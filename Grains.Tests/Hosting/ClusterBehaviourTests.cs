using ControlPlane.Behaviour;

namespace ControlPlane.Hosting;

public sealed class ClusterRevocationTests : RevocationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterMemberTests : MemberTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterRoleTests : RoleTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterRotationTests : RotationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterAdmissionTests : AdmissionTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterSessionLifeTests : SessionLifeTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterSessionEndingTests : SessionEndingTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterCreationTests : CreationTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterNarrowedKeyTests : NarrowedKeyTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterTokenEndingTests : TokenEndingTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterBudgetTests : BudgetTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterWorkspaceTests : WorkspaceTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterLoginTests : LoginTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterLoginListTests : LoginListTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterCloneStateTests : CloneStateTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterEvictionTests : EvictionTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterOperationsTests : OperationsTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterTeamTests : TeamTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterEventTests : EventTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterTraceTests : TraceTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}

public sealed class ClusterUsageTests : UsageTests
{
    private protected override Task<BehaviourHost> StartAsync(EntityOptions options) => ClusterBehaviourHost.StartAsync(options);
}
