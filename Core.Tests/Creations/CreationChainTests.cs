using System.Text;
using ControlPlane.Behaviour;
using ControlPlane.Hosting;
using ControlPlane.Sessions;

namespace ControlPlane.Creations;

/// <summary>The creation under a key, cut at each call that the entities' process makes, in each way.</summary>
public sealed class CreationChainTests
{
    public static TheoryData<SessionChainTests.Cut> Cuts => [.. Enum.GetValues<SessionChainTests.Cut>()];

    [Theory, MemberData(nameof(Cuts))]
    public Task A_creation_that_is_cut_anywhere_and_repeated_is_one_session(SessionChainTests.Cut cut) =>
        SessionChainTests.EachStepAsync(cut, async (world, host, run) =>
        {
            await run(() => RunAsync(world, host));
            var first = await world.UntilAsync(RunAsync(world, host));
            await world.PassAsync(TimeSpan.FromMinutes(2));

            Assert.Equal(first, await world.UntilAsync(RunAsync(world, host)));
            var running = (await world.DescribeAsync(first)).Status == SessionStatus.Running;
            Assert.True(running || cut == SessionChainTests.Cut.Replaced);
            Assert.Equal(running ? 1 : 0, host.LiveIn(world.WorkspaceId));
            Assert.Equal(running ? 1 : 0, host.Workers.SelectMany(worker => worker.Running).Count());
            Assert.Single((await world.UntilAsync(host.Entities.Sessions(world.WorkspaceId).PageAsync(new SessionQuery([], null, null, 10, null)))).SessionIds);
        });

    [Fact]
    public Task Nothing_is_left_of_a_creation_after_24_hours() => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new EntityOptions(new(), new(), new()));
        var world = await World.InAsync(host);
        await world.UntilAsync(RunAsync(world, host));
        var record = new EntityKey(EntityKinds.Creation, CreationKey.Of(world.WorkspaceId, "k"));
        Assert.NotNull(host.Storage.Peek(record));

        host.Time.Freeze(CreationEntity.Keep);
        await world.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Null(host.Storage.Peek(record));
    });

    private static async Task<string> RunAsync(World world, LocalBehaviourHost host) => Encoding.UTF8.GetString(await KeyedCreation.RunAsync(
        host.Entities, world.Owner, CreationKey.Of(world.WorkspaceId, "k"), "00", World.New(), view => Encoding.UTF8.GetBytes(view.Id), default));
}
