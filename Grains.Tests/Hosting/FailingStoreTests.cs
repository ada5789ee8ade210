using System.Text.Json;
using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Hosting;

public sealed class FailingStoreTests
{
    [Theory, InlineData(1), InlineData(2)]
    public async Task Sessions_start_once_on_a_store_that_fails_is_late_and_fails_after_it_has_written(int seed)
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var random = new Random(seed);
        Task Trouble()
        {
            int dice;
            lock (random)
            {
                dice = random.Next(20);
            }

            return dice switch
            {
                0 => throw new IOException("The store is away."),
                1 => Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System),
                _ => Task.CompletedTask,
            };
        }

        cluster.Store.Before = (_, _) => Trouble();
        cluster.Store.After = (action, _) => action == StoreAction.Read ? Task.CompletedTask : Trouble();
        var sessions = Enumerable.Range(0, 20).Select(_ => SessionId.New()).ToList();
        await Task.WhenAll(sessions.Select(session => StartAsync(cluster, team, session)));
        (cluster.Store.Before, cluster.Store.After) = (null, null);

        Assert.Equal(sessions.Order(), cluster.Ports.Running.Select(placement => placement.Session).Order());
        var workspace = JsonDocument.Parse(cluster.Store.Peek("workspace", team.Id)!).RootElement.GetProperty("state");
        Assert.Equal(sessions.Order(), workspace.GetProperty("live").EnumerateArray().Select(id => id.GetString()).Order());
    }

    /// <summary>Within a silo an answer is the entity's own object, with the cause that it has.</summary>
    [Fact]
    public async Task What_an_entity_of_the_same_silo_says_is_an_answer_and_not_a_lost_call()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1);
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var asked = 0;
        cluster.Store.Before = (action, grain) => action == StoreAction.Write && grain.Type == GrainType.Create("alarms") && Interlocked.Increment(ref asked) > 0
            ? throw new IOException("The store is away.")
            : Task.CompletedTask;

        Assert.Equal(ErrorCode.ControlPlaneUnavailable, (await Assert.ThrowsAsync<ControlPlaneException>(() => team.RevokeAsync(key.Id))).Code);
        Assert.Equal(1, asked);
    }

    /// <summary>As a caller does: what is refused for the store's sake is asked again.</summary>
    private static async Task StartAsync(TestCluster cluster, Team team, string session)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            try
            {
                if ((await cluster.Entities.Session(session).CreateAsync(team.Owner, Team.New())).Status == SessionStatus.Running)
                {
                    return;
                }
            }
            catch (ControlPlaneException problem) when (problem.Code == ErrorCode.ControlPlaneUnavailable)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        Assert.Fail($"The session {session} did not start.");
    }
}
