using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>
/// What the product does, said once and shown on every host: a host's test project derives each of these classes and says how it starts.
/// Everything runs on gateways that decide on the facts they hold, and on gateways that ask for each request.
/// </summary>
public abstract class BehaviourTests
{
    private protected abstract Task<BehaviourHost> StartAsync(EntityOptions options);

    private protected static EntityOptions Options(bool reuse) =>
        new(new LeaseOptions { Reuse = reuse }, new SessionOptions(), new WorkspaceOptions());

    /// <summary>Runs a story in a workspace on a new host.</summary>
    private protected Task InWorldAsync(bool reuse, Func<World, Task> story) => InWorldAsync(Options(reuse), story);

    // Away from the test runner's own scheduler, which would keep what the story sets off waiting for its turn.
    private protected Task InWorldAsync(EntityOptions options, Func<World, Task> story) => Task.Run(async () =>
    {
        await using var host = await StartAsync(options);
        await story(await World.InAsync(host));
    });
}
